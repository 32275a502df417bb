"""Tests of prepared.domains and prepared.frequencies."""

from __future__ import annotations

from wb_pipeline.matching.prepare import DomainLists
from wb_pipeline_tests.matching.prepare.factories import prepared, record, rows_of, warehouse, write_snapshot

RECORDS = [
    record("contact", "1", first_name="Bill", last_name="Smith", email="bill@mail.acme.com", phone="+12025550143"),
    record("contact", "2", first_name="William", last_name="Smith", email="w@gmail.com", phone="+12025550143"),
    record("lead", "3", first_name="Will", last_name="Smith", email="will@acrne.com", mobile="+12025550143"),
    record("contact", "4", first_name="Bill", last_name="Smith", email="gone@acme.com", archived=True),
    record("contact", "5", email="x@us.com", domain="shop.acme.io"),
    record("contact", "6", email="x@trash.example"),
    record(
        "company",
        "1",
        name="Acme Inc",
        domain="acme.com",
        additional_domains=["acme.de", "shared.com"],
        phone="+12025550143",
    ),
    record(
        "company", "2", name="Acme Ltd", domain="acme2.com", additional_domains=["shared.com", "acme.com", "gmail.com"]
    ),
]
LISTS = DomainLists(
    free=frozenset({"gmail.com"}),
    disposable=frozenset({"trash.example"}),
    own=frozenset({"us.com"}),
    aliases={"acme.io": "acme.com"},
)


def _domains(lists: DomainLists = LISTS) -> dict[str, dict[str, object]]:
    con = warehouse()
    write_snapshot(con, "a", RECORDS)
    prepared(con, "a", lists)
    return {str(row["domain"]): row for row in rows_of(con, "prepared.domains")}


def test_every_domain_of_a_record_is_told_apart():
    """IDN-5: look-alikes share a skeleton."""
    found = _domains()
    assert sorted(found) == [
        *("acme.com", "acme.de", "acme2.com", "acrne.com", "gmail.com", "mail.acme.com", "shared.com", "shop.acme.io"),
        *("trash.example", "us.com"),
    ]
    mail = found["mail.acme.com"]
    assert (mail["registrable"], mail["label"], mail["suffix"]) == ("acme.com", "acme", "com")
    assert mail["skeleton"] == found["acrne.com"]["skeleton"] == "acme"
    assert (found["gmail.com"]["is_free"], found["trash.example"]["is_disposable"], found["us.com"]["is_own"]) == (
        True,
        True,
        True,
    )
    assert (mail["is_free"], mail["is_disposable"], mail["is_own"]) == (False, False, False)


def test_live_records_are_counted_per_domain():
    """Archived records do not count, and a contact counts for its email domain."""
    found = _domains()
    counts = {name: (row["contact_count"], row["company_count"]) for name, row in found.items()}
    assert counts["mail.acme.com"] == (1, 0)
    assert counts["acme.com"] == (0, 2)
    assert counts["shop.acme.io"] == (0, 0)


def test_a_firms_other_domains_stand_for_it_unless_others_claim_them():
    """IDN-5: policy aliases and additional domains lead to the firm's own domain."""
    roots = {name: row["alias_root"] for name, row in _domains().items()}
    assert roots["acme.de"] == "acme.com"
    assert roots["shop.acme.io"] == "acme.com"
    assert roots["shared.com"] == "shared.com"
    assert roots["acme.com"] == "acme.com"
    assert roots["gmail.com"] == "gmail.com"


def test_the_policys_lists_count_on_each_call():
    """A changed policy needs no record to be prepared again."""
    con = warehouse()
    write_snapshot(con, "a", RECORDS)
    prepared(con, "a", LISTS)
    prepared(con, "a", DomainLists(free=frozenset({"acme.com"})))
    free = {row["domain"] for row in rows_of(con, "prepared.domains") if row["is_free"]}
    assert free == {"acme.com", "mail.acme.com"}


def test_frequencies_count_live_records():
    """Each kind of value is counted over the live records that bear it."""
    con = warehouse()
    write_snapshot(con, "a", RECORDS)
    prepared(con, "a", LISTS)
    counts = {(row["kind"], row["value"]): row["records"] for row in rows_of(con, "prepared.frequencies")}
    assert counts["given_root", "william"] == 3
    assert counts["family_core", "smith"] == 3
    assert counts["phone", "+12025550143"] == 4
    assert counts["domain", "acme.com"] == 1
    assert counts["name_core", "acme"] == 2
    assert counts["name_token", "acme"] == 2
    assert counts["full_name", "bill smith"] == 1
    assert ("email", "gone@acme.com") not in counts
    assert all(value and records > 0 for (_, value), records in counts.items())
