"""What the README and the docs say about commands, options, files and gates is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wb_pipeline.cli.main import cli

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = sorted(
    [
        README,
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        ROOT / "wb_pipeline" / "sample" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
)
MOST_LINES = 199
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
PROMPT = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
OPTION = re.compile(r"-{1,2}[a-z][a-z-]*")
GATES = re.compile(r"<!-- gates -->\n(.*?)<!-- /gates -->", re.DOTALL)


def commands_in(text: str, program: str) -> Iterator[list[str]]:
    """Yield the words of every call of `program` that stands in a code block or a code span."""
    candidates = [line for block in FENCE.findall(text) for line in block.splitlines()]
    candidates += SPAN.findall(FENCE.sub("", text))
    for candidate in candidates:
        line = PROMPT.sub("", candidate.strip())
        if line.startswith(f"{program} "):
            yield shlex.split(line.split(" | ")[0], comments=True)[1:]


def problem_of(arguments: list[str]) -> str:
    """Return what `wb` does not know of these arguments, "" if it knows all of them."""
    command: click.Command = cli
    context = click.Context(cli, info_name="wb")
    known = _options(command)
    for before, word in pairwise(["", *arguments]):
        if isinstance(command, click.Group) and not word.startswith("-") and not _takes_value(command, before):
            found = command.get_command(context, word)
            if found is None:
                return f"{context.command_path} has no command {word}"
            command, context = found, click.Context(found, info_name=word, parent=context)
            known |= _options(command)
        elif OPTION.fullmatch(word.split("=")[0]) and word.split("=")[0] not in known:
            return f"{context.command_path} has no option {word}"
    return ""


def _takes_value(command: click.Command, word: str) -> bool:
    return any(
        word in parameter.opts and not parameter.is_flag
        for parameter in command.params
        if isinstance(parameter, click.Option)
    )


def _options(command: click.Command) -> set[str]:
    context = click.Context(command, help_option_names=["-h", "--help"])
    named = (name for each in command.get_params(context) for name in (*each.opts, *each.secondary_opts))
    return set(named)


def test_readme_is_short() -> None:
    """Issue 2, item 13: the README is read in one sitting."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize(("page", "option"), [(README, "--families"), (ROOT / "docs" / "gates.md", "--markdown")])
def test_page_lists_the_gates_as_they_are(page: Path, option: str) -> None:
    """Issue 2, item 13: the tables of gates are those that the specs and the default policy give."""
    shown = GATES.search(page.read_text(encoding="utf-8"))
    assert shown, f"{page.name} has lost its gates markers"
    printed = CliRunner().invoke(cli, ["gates", option], catch_exceptions=False).stdout
    assert shown[1] == printed, f"put the output of `wb gates {option}` between the markers"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_names_commands_and_options_that_exist(page: Path) -> None:
    """Issue 2, item 13: what a page tells a reader to type is a command that `wb` has, with options that it takes."""
    called = list(commands_in(page.read_text(encoding="utf-8"), "wb"))
    assert [problem for arguments in called if (problem := problem_of(arguments))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_names_make_targets_that_exist(page: Path) -> None:
    """Issue 2, item 1: `make` has every target that a page names."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = commands_in(page.read_text(encoding="utf-8"), "make")
    assert {arguments[0] for arguments in called} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_links_to_files_that_exist(page: Path) -> None:
    """Issue 2, item 13: a link inside the repository leads somewhere."""
    links = LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_readme_tour_calls_the_commands_of_the_issue() -> None:
    """Issue 2, item 13: the checks above have something to look at; the tour is not empty."""
    called = {
        tuple(word for word in each[:2] if word.isalpha()) for each in commands_in(README.read_text("utf-8"), "wb")
    }
    assert called >= {("demo",), ("decisions",), ("audit", "why"), ("audit", "verify"), ("policy", "check"), ("ui",)}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("frobnicate", "wb has no command frobnicate"),
        ("audit prove", "wb audit has no command prove"),
        ("run --crmm DIR", "wb run has no option --crmm"),
        ("audit verify --head=abc --home x", ""),
    ],
)
def test_problem_of_finds_what_wb_does_not_know(line: str, problem: str) -> None:
    """A command that was renamed, and an option that is gone, are noticed on the page that still names them."""
    assert problem_of(line.split()) == problem
