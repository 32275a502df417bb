"""Every page and decision record can be found, and the guardrails page says of each promise whether it is proved."""

from __future__ import annotations

import re
from pathlib import Path

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


def test_decision_records_bear_numbers_of_their_own() -> None:
    """A number means one record, in its name and in its title; the list has them in order."""
    files = sorted(path.name for path in (DOCS / "decisions").glob("*.md"))
    numbers = [match[1] for name in files if (match := NUMBERED.match(name))]
    assert len(numbers) == len(files) == len(set(numbers))
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
