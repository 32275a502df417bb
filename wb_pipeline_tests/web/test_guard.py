"""What every request has to pass: our own hosts, our own forms, of limited size."""

from __future__ import annotations

import pytest

from wb_pipeline.web.guard import MOST_BODY_BYTES
from wb_pipeline_tests.web.asgi import HOST, ORIGIN, fields_of
from wb_pipeline_tests.web.conftest import waiting


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8787",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost:8787.evil.example",
        "0.0.0.0:8787",
        "",
    ],
)
def test_other_names_of_this_machine_are_not_answered(shared_page, host):
    """RVW-1: a site that makes its own name point here (DNS rebinding) gets nothing, signed in or not."""
    answer = shared_page.client.send(
        "GET", "/", [("Host", host), ("Cookie", f"wb_review={shared_page.client.cookies['wb_review']}")]
    )
    assert answer.status == 421
    assert "title" not in answer.text


def test_two_hosts_or_none_are_not_answered(shared_page):
    """A request that names two hosts is ambiguous, one that names none is no browser's."""
    assert shared_page.client.send("GET", "/sign-in", [("Host", HOST), ("Host", HOST)]).status == 421
    assert shared_page.client.send("GET", "/sign-in", []).status == 421


@pytest.mark.parametrize("host", ["localhost:8787", "[::1]:8787", HOST])
def test_each_name_of_the_loopback_is_answered(shared_page, host):
    """Whoever types localhost gets the page too."""
    assert shared_page.client.send("GET", "/sign-in", [("Host", host)]).status == 200


FORGED = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:8788"},
    {"Origin": "https://127.0.0.1:8787"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "null", "Sec_Fetch_Site": "same-site"},
    {"Origin": "", "Sec_Fetch_Site": "none"},
    {"Origin": "https://evil.example", "Sec_Fetch_Site": "same-origin"},
    {"Origin": f"{ORIGIN}.evil.example"},
]


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_forged_form_is_refused_and_changes_nothing(shared_page, headers):
    """RVW-5: a form from another site changes nothing, even with everything that a form of ours has."""
    (item,) = waiting(shared_page.office)
    address = f"/item/{item.item_id}"
    fields = fields_of(shared_page.client.get(address).text, decision="approve")
    head = shared_page.ledger.head()
    for target in ("/sign-in", "/sign-out", "/bulk", "/pending", address):
        assert shared_page.client.post(target, fields, **headers).status == 403
    assert shared_page.ledger.head() == head
    assert shared_page.client.get("/").status == 200, "nobody was signed out"


def test_own_form_without_a_referrer_is_taken(page):
    """Our pages send no referrer, so a browser writes `null` as origin; then it vouches by Sec-Fetch-Site."""
    (item,) = waiting(page.office)
    fields = fields_of(page.client.get(f"/item/{item.item_id}").text, decision="approve")
    given = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
    assert page.client.post(f"/item/{item.item_id}", fields, **given).status == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Length": ""}, 411),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "1", "Transfer_Encoding": "chunked"}, 411),
        ({"Content_Length": str(MOST_BODY_BYTES + 1)}, 413),
        ({"Content_Length": "9" * 5_000}, 413),
    ],
    ids=str,
)
def test_anything_but_a_form_of_limited_size_is_refused(shared_page, headers, status):
    """CON-7: what is sent is a form, says its length, and is not endless."""
    assert shared_page.client.post("/bulk", {"a": "b"}, **headers).status == status


def test_body_longer_than_it_says_is_refused(shared_page):
    """A body that says a small length and sends a large one is cut off."""
    answer = shared_page.client.post("/bulk", {"a": "b" * (MOST_BODY_BYTES + 10)}, Content_Length="10")
    assert answer.status == 413


def test_form_of_too_many_fields_is_refused(shared_page):
    """A form of a million fields keeps nobody waiting."""
    assert shared_page.client.post("/bulk", [("a", "1")] * 5_001).status == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(shared_page, method):
    """Only reading and forms are answered."""
    assert shared_page.client.send(method, "/", [("Host", HOST)]).status == 405


@pytest.mark.parametrize("target", ["/", "/sign-in", "/nothing", "/pending", "/help", "/static/x/none.css"])
def test_every_answer_tells_the_browser_to_be_careful(shared_page, target):
    """RVW-1: no inline script, nothing from elsewhere, in no frame, kept by nobody."""
    headers = shared_page.client.get(target).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_own_files_come_with_their_kind_and_may_be_kept(shared_page):
    """Style and script are files; their address changes with them."""
    text = shared_page.client.get("/help").text
    for name, kind in (("page.css", "text/css"), ("keys.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        address = next(part for part in text.split('"') if part.endswith(name))
        answer = shared_page.client.get(address)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
    assert shared_page.client.get("/static/x/..%2F..%2Ftokens.py").status == 404
