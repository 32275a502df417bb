"""A policy file is taken whole or refused with every mistake, its line and the way out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from wb_pipeline.errors import PolicyError
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy, parse_policy

Refusal = Callable[..., str]
DOCS = Path(__file__).parents[2] / "docs" / "policy.md"

# (what is changed, into what, the line that the refusal shows without its number). docs/policy.md shows the same lines.
EXAMPLES = {
    "a misspelt key": (
        ("  suggest_from:", "  sugest_from:"),
        "confidence.sugest_from: there is no such key (did you mean suggest_from or auto_from?)",
    ),
    "a lost key": (
        ("  auto_from: 80 ", "  # auto_from: 80 "),
        "confidence.auto_from: the key is missing (every key is stated, also when its list is empty: [])",
    ),
    "a number as text": (
        ("auto_from: 80 ", 'auto_from: "80" '),
        "confidence.auto_from: a number is expected, not '80' (write the number without quotes and without separators)",
    ),
    "a share of one": (
        ("suggest_from: 50 ", "suggest_from: 0.5 "),
        "confidence.suggest_from: 0.5 is not between 10 and 100 (confidence runs from 0 to 100: write 50 for 0.5)",
    ),
    "a number with separators": (
        ("review_above: 10000 ", "review_above: 10,000 "),
        (
            "deals.review_above: a whole number is expected, not '10,000' "
            "(write the number without quotes and without separators)"
        ),
    ),
    "a misspelt class": (
        ("    deal: safe                       # up", "    deal: saef                       # up"),
        "actions.create.deal: 'saef' is not one of 'safe' or 'sensitive' (did you mean safe?)",
    ),
    "a key twice": (
        ("  max_depth: 3 ", "  max_depth: 9\n  max_depth: 3 "),
        "triggers.max_depth: the key stands twice, first in line",
    ),
    "an overlap": (
        ("safe: [website, employee_range,", "safe: [domain, website, employee_range,"),
        (
            "fields.company.update.locked[1]: domain is classed twice for update company: safe and locked "
            "(keep one; a lead has the contact's lists already)"
        ),
    ),
    "an unknown field": (
        ("safe: [website, employee_range,", "safe: [websiet, employee_range,"),
        (
            "fields.company.update.safe[1]: company has no field websiet in `formats` or `picklists` "
            "(did you mean website?)"
        ),
    ),
    "a high-impact field made safe": (
        (
            "safe: [next_step, close_date_suggestion, primary_competitor]\n      sensitive: [stage, ",
            "safe: [next_step, close_date_suggestion, primary_competitor, stage]\n      sensitive: [",
        ),
        (
            "fields.deal.update.safe[4]: stage for update deal is high-impact and cannot be safe "
            "(move it to sensitive (HIA-1))"
        ),
    ),
    "a forgotten exemption": (
        (
            "fields: [linkedin_url, phone, persona, last_outbound_touch]",
            "fields: [linkedin_url, persona, last_outbound_touch]",
        ),
        (
            "evidence.requirements: nothing is said about the evidence for update contact.phone "
            "(add what it needs, or `none: because ...`)"
        ),
    ),
    "less than EVD-1": (
        ("        - [domain_match]             # ... and belongs to the company\n", ""),
        (
            "evidence.requirements[1].needs: create contact.* needs 2 lines, not 1 "
            "(EVD-1: put the line back, or add `loosened: because ...`)"
        ),
    ),
    "a weaker verdict": (
        ("gate_policy__field_locked: deny ", "gate_policy__field_locked: label "),
        "gates.gate_policy__field_locked: label is not allowed here, only deny (FLD-2: locked means never)",
    ),
    "a missing gate": (
        ("  gate_policy__field_locked: deny ", "  # gate_policy__field_locked: deny "),
        "gates.gate_policy__field_locked: the gate is missing (its default is deny)",
    ),
    "a wrong right": (
        ('"update deal.*"]', '"update dael.*"]'),
        "actors.agent-notes-1.rights[3]: 'dael' is no object (did you mean deal?)",
    ),
    "an unranked source": (
        ("[order_form, web_form], crm]", "[order_form, web_form]]"),
        (
            "source_precedence[5].strongest_first: crm may write these fields and is not ranked "
            "(add it, last if it is the weakest)"
        ),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_parse_policy_names_line_key_and_way_out_of_each_mistake(name: str, refusal: Refusal):
    """FLD-1: a mistake in the policy is refused where it stands, and the docs show the very message."""
    change, line = EXAMPLES[name]
    message = refusal(change)
    shown = [text.split(":", 2)[2].strip() for text in message.splitlines()[1:]]
    assert any(text.startswith(line) for text in shown), message
    assert line in DOCS.read_text(encoding="utf-8")


def test_parse_policy_points_to_the_line_of_the_mistake(default_text: str, refusal: Refusal):
    """FLD-1: the line is the file's own."""
    line = next(number for number, text in enumerate(default_text.splitlines(), 1) if "max_depth: 3" in text)
    assert f"policy.yaml:{line}: triggers.max_depth: a whole number is expected" in refusal(
        ("max_depth: 3 ", "max_depth: x ")
    )


def test_parse_policy_collects_every_mistake_of_shape_in_the_order_of_the_file(refusal: Refusal):
    """FLD-1: one check shows all there is to mend."""
    message = refusal(
        ("currency: USD ", "currency: usd "),
        ("max_depth: 3 ", "max_depth: 3.5 "),
        ("  fallback: revops", "  fallbck: revops"),
    )
    keys = [line.split(": ")[1] for line in message.splitlines()[1:]]
    assert message.startswith("The policy is refused: 4 mistakes.")
    assert keys == ["deals.currency", "triggers.max_depth", "notifications.fallback", "notifications.fallbck"]


def test_parse_policy_collects_mistakes_of_meaning_from_all_sections(refusal: Refusal):
    """FLD-1: the same for what sections say about each other."""
    message = refusal(
        ("aliases: {} ", "aliases: {gmail.com: northwind.example} "),
        ("deputy: u-sales-1", "deputy: u-sale-1"),
        ("close_date: [closedate]", "close_date: [closedate, stage]"),
    )
    assert message.startswith("The policy is refused: 3 mistakes.")
    assert "a mail provider's domain belongs to no company" in message
    assert "u-sale-1 is not another reviewer (did you mean u-sales-1?)" in message
    assert "'stage' is already a name of stage (deal)" in message


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "- a\n", "policy\n", "null\n", "{}\n"])
def test_parse_policy_refuses_when_there_are_no_sections(text: str):
    """FLD-1: an empty policy is refused; it is never read as one without rules."""
    with pytest.raises(PolicyError):
        parse_policy(text, "policy.yaml")


def test_load_policy_hashes_the_bytes_of_the_file(tmp_path: Path, default_text: str):
    """AUD-1: the policy version is the file as it lay there, line ends included."""
    content = default_text.replace("\n", "\r\n").encode()
    (tmp_path / "mine.yaml").write_bytes(content)
    policy = load_policy(tmp_path / "mine.yaml")
    assert policy.policy_hash == hashlib.sha256(content).hexdigest()
    assert policy.policy_hash != load_policy(default_policy_file()).policy_hash
    assert policy.document == load_policy(default_policy_file()).document


def test_load_policy_says_where_a_file_is_not_utf_8(tmp_path: Path):
    """CON-7: binary rubbish is refused with its line."""
    (tmp_path / "p.yaml").write_bytes(b"version: 1\nname: \xff\n")
    with pytest.raises(PolicyError, match=r"p.yaml:2: this is not UTF-8 text"):
        load_policy(tmp_path / "p.yaml")


def test_load_policy_refuses_when_there_is_no_file(tmp_path: Path):
    """FLD-1: no file is no policy, and no policy decides nothing."""
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.yaml")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path)


def test_load_policy_refuses_an_enormous_file_without_reading_it_whole(tmp_path: Path):
    """CON-7: size is bounded before anything is parsed."""
    with (tmp_path / "p.yaml").open("wb") as stream:
        stream.truncate(1 << 34)
    with pytest.raises(PolicyError, match="larger than"):
        load_policy(tmp_path / "p.yaml")


def test_each_reader_gets_a_document_of_its_own() -> None:
    """Law 4: a text is parsed once, and whoever changes what it got changes nobody else's."""
    first = load_policy(default_policy_file())
    first.document.gates.clear()
    second = load_policy(default_policy_file())
    assert second.document.gates
    assert second.document is not load_policy(default_policy_file()).document
