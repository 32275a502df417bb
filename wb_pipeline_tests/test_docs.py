"""Every page and decision record can be found, and the guardrails page says of each promise whether it is proved."""

from __future__ import annotations

import re
from pathlib import Path

from wb_pipeline.ledger.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PROMISE = re.compile(r"^- \*\*([A-Z]{3}-\d+)\*\*( \*\(later\)\*)?", re.MULTILINE)
NUMBERED = re.compile(r"^(\d{4})-")


def test_list_of_pages_names_every_page_and_record_once() -> None:
    """A page that the list does not name is read by nobody."""
    listed = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (DOCS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    assert {name for name in listed if name.endswith(".md") and not name.startswith("..")} == pages
    assert len(listed) == len(set(listed))


def test_decision_records_are_numbered_without_gaps() -> None:
    """A number means one record, in its name and in its title; the list has them in order."""
    files = sorted(path.name for path in (DOCS / "decisions").glob("*.md"))
    numbers = [match[1] for name in files if (match := NUMBERED.match(name))]
    assert numbers == [f"{number:04d}" for number in range(1, len(files) + 1)]
    for name, number in zip(files, numbers, strict=True):
        assert (DOCS / "decisions" / name).read_text(encoding="utf-8").startswith(f"# {number}: "), name
    listed = re.findall(r"^\| \[(\d{4})\]", (DOCS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == numbers


def test_what_the_guardrails_page_calls_proved_is_proved_somewhere() -> None:
    """Each promise is cited by a test, a case or a gate; what is for later is cited by none."""
    promised = PROMISE.findall((DOCS / "guardrails.md").read_text(encoding="utf-8"))
    files = [
        *(ROOT / "wb_pipeline_tests").rglob("*.py"),
        *(ROOT / "wb_pipeline_tests" / "cases").rglob("*.y*ml"),
        *(ROOT / "dbt_like_sql").rglob("*.yml"),
    ]
    cited = {id_ for file in files for id_ in re.findall(r"\b[A-Z]{3}-\d+\b", file.read_text(encoding="utf-8"))}
    assert [id_ for id_, later in promised if not later and id_ not in cited] == []
    assert [id_ for id_, later in promised if later and id_ in cited] == []


def test_operations_page_shows_as_many_models_as_there_are() -> None:
    """What a reader is to see of `dbt build` is what it prints for the models of today."""
    shown = re.search(
        r"(\d+) table models, (\d+) data tests, (\d+) view models", (DOCS / "operations.md").read_text("utf-8")
    )
    assert shown
    tables, checks, views = map(int, shown.groups())
    project = ROOT / "dbt_like_sql"
    assert tables + views == len(list((project / "models").rglob("*.sql")))
    assert checks == len(list((project / "tests").rglob("*.sql")))


def test_audit_page_explains_every_kind_of_event() -> None:
    """AUD-3: whoever reads the ledger finds each kind of event explained, and no kind that is gone."""
    table = (DOCS / "audit.md").read_text(encoding="utf-8").partition("## Ledger events")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    explained = {kind for cell in rows for kind in re.findall(r"`(\w+)`", cell)}
    assert explained == set(KINDS)
