"""Rules about the repository itself: what may not stand in it, and what may not be missing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wb_pipeline"
TEXT_LIMIT = 5_000_000

# Written in pieces, so that this file does not name what it forbids.
REGISTRY_HOSTS = re.compile(
    "|".join((r"py" + r"pi\.(?:org|python)", r"files\.python" + "hosted", r"registry\.npm" + "js", r"deb\.deb" + "ian"))
)
MACHINE_PATHS = re.compile(r"/(?:ho" + r"me|Us" + r"ers)/[a-z][\w.-]*/|/ro" + r"ot/|/wo" + r"rk/(?:main|shared)")
INDEX_OPTIONS = re.compile(r"^--?(?:i|index-url|extra-index-url|find-links|f|trusted-host)\b|://", re.MULTILINE)
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
REASONED = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[a-z-]+(?:,\s*[a-z-]+)*\])\s+[#(-]\s*\S+"
)
# pydantic_core is released with pydantic, at one exact version.
PARTS_OF_DECLARED = {"wb_pipeline", "pydantic_core"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file that is, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a Git checkout: nothing says which files belong to it")
    return tuple(file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file())


def text_of(file: Path) -> str:
    """Return a file's text, or "" for a binary one."""
    data = file.read_bytes()[:TEXT_LIMIT]
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def lines_with(pattern: re.Pattern[str], files: Iterator[Path] | tuple[Path, ...]) -> list[str]:
    """Return file:line for every line in which the pattern is found."""
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if pattern.search(line)
    ]


def modules() -> list[Path]:
    """Return every Python file of the package and the tools."""
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tools").glob("*.py")])


def test_tracked_files_name_no_registry_host():
    """Nothing committed names the host of a package registry: whoever installs uses the one pip is set up for."""
    assert lines_with(REGISTRY_HOSTS, tracked_files()) == []


def test_tracked_files_name_no_path_of_a_machine():
    """Nothing committed names a folder of the machine on which it was written."""
    assert lines_with(MACHINE_PATHS, tracked_files()) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-bootstrap.lock"])
def test_lock_has_hashes_and_no_index(name):
    """A lock holds versions and hashes only: no index, no address, nothing without a hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert INDEX_OPTIONS.findall(text) == []
    pinned = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^]]*\])?==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))


def test_lock_holds_every_declared_dependency():
    """A dependency added to pyproject.toml is in the lock too: otherwise `make lock` was forgotten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    ]
    locked = set(
        re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    assert {distribution_name(line) for line in declared} - {name.lower() for name in locked} == set()


def distribution_name(requirement: str) -> str:
    """Return the normalized name in front of a requirement's version."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", requirement)[0]).lower()


def test_package_imports_only_declared_dependencies():
    """Each library that the package imports is a dependency of the wheel itself, not of the tests or by accident.

    Those of the extra `postgres` are for the modules that are named after it; they are imported inside functions only.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {distribution_name(line) for line in project["dependencies"]}
    extra = {distribution_name(line) for line in project["optional-dependencies"]["postgres"]}
    owners = packages_distributions()
    undeclared = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in PACKAGE.rglob("*.py")
        for name in imported_names(file) - sys.stdlib_module_names - PARTS_OF_DECLARED
        if not (declared | (extra if file.stem.startswith("postgres") else set()))
        & {distribution_name(owner) for owner in owners.get(name, [])}
    }
    assert undeclared == set()


def imported_names(file: Path) -> set[str]:
    """Return the top-level names of all modules that a file imports, at its top or inside functions."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain | sources}


def test_readme_stays_under_200_lines():
    """The README is read in one sitting; the rest lives in docs."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_module_docstring_says_its_purpose_in_a_sentence(file):
    """A file has one purpose that fits in the first line of its docstring."""
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert docstring, "no module docstring"
    assert docstring.splitlines()[0].rstrip().endswith("."), docstring.splitlines()[0]


def test_changelog_knows_this_version():
    """The changelog has a heading for what is not released yet, or for the version that is."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[(?:Unreleased|{re.escape(version)})\]", text, re.MULTILINE)


def test_cited_guardrails_exist():
    """Every guardrail id in a test or a gate's spec is one that docs/guardrails.md defines."""
    guardrails = ROOT / "docs" / "guardrails.md"
    if not guardrails.exists():
        pytest.skip("docs/guardrails.md is not there yet: no list to compare the cited ids with")
    known = set(re.findall(r"^- \**([A-Z]{3}-\d+)", guardrails.read_text(encoding="utf-8"), re.MULTILINE))
    families = {guardrail.partition("-")[0] for guardrail in known}
    files = [*(ROOT / "wb_pipeline_tests").rglob("*.py"), *(ROOT / "dbt_like_sql").rglob("*.yml")]
    cited = {
        (guardrail, str(file.relative_to(ROOT)))
        for file in files
        for guardrail in re.findall(r"\b[A-Z]{3}-\d+\b", file.read_text(encoding="utf-8"))
    }
    unknown = {(guardrail, file) for guardrail, file in cited if guardrail not in known}
    # ABC-1 style names in test data belong to no family of guardrails.
    assert {pair for pair in unknown if pair[0].partition("-")[0] in families} == set()
    assert cited - unknown, "no test cites any guardrail"


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_suppressions_have_a_code_and_a_reason(file):
    """A switched-off check names which one, and why: `# noqa: S608 - the table name is ours`."""
    with file.open("rb") as stream:
        comments = [token for token in tokenize.tokenize(stream.readline) if token.type == tokenize.COMMENT]
    bare = [
        f"{token.start[0]}: {token.string}"
        for token in comments
        if SUPPRESSION.search(token.string) and not REASONED.search(token.string)
    ]
    assert bare == []


def test_only_the_command_line_prints():
    """Outside the command line nothing prints: Dagster's log and the returned values speak."""
    printing = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in PACKAGE.rglob("*.py")
        if "cli" not in {part.removesuffix(".py") for part in file.relative_to(PACKAGE).parts}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_only_expectations_names_great_expectations():
    """One room alone knows that library: by import or by name (it comes late, where import rules are blind)."""
    elsewhere = (file for file in PACKAGE.rglob("*.py") if (PACKAGE / "expectations") not in file.parents)
    assert lines_with(re.compile(r"great_expectations"), elsewhere) == []
    assert lines_with(re.compile(r"great_expectations"), tuple((PACKAGE / "expectations").glob("*.py")))
