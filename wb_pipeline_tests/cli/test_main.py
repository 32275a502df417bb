"""The entry point: what it imports, which exit codes scripts see, how problems are shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wb_pipeline.cli.main import _COMMANDS
from wb_pipeline.home import Home
from wb_pipeline.paths import default_policy_file, sample_folder
from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]
HEAVY = ("dagster", "duckdb", "pandas", "pyarrow", "great_expectations", "sqlalchemy", "numpy")
BATCH = sample_folder() / "batches" / "2026-03-02-followup.json"
_LOADED = """
import sys
from wb_pipeline.cli import main
sys.argv = ["wb", *{arguments!r}]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
print("loaded", sorted(set({heavy!r}) & set(sys.modules)))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["audit", "verify", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Issue 2, item 11: what needs no data starts at once: the libraries that take seconds are not imported."""
    script = _LOADED.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_help_teaches_commands_and_exit_codes(wb: Wb) -> None:
    """Issue 2, item 11: a newcomer finds every command with a line of its own, and what the exit codes mean."""
    done = wb("--help")
    assert done.exit_code == 0
    for name, (_, line) in _COMMANDS.items():
        assert any(each.split()[0] == name and line[:20] in each for each in done.out.splitlines() if each.split())
    assert "Exit codes:" in done.out
    assert "wb demo" in done.out


@pytest.mark.parametrize("name", list(_COMMANDS))
def test_every_command_has_help_of_its_own(name: str, wb: Wb) -> None:
    """Issue 2, item 11: `--help` of each command says what it does."""
    done = wb(name, "--help")
    assert done.exit_code == 0
    assert done.out.startswith("Usage: ")
    assert len(done.out.splitlines()) > 4


def test_unknown_command_is_wrong_input(wb: Wb) -> None:
    """Issue 2, item 11: exit code 2, and the word that was not understood."""
    done = wb("aprove")
    assert done.exit_code == 2
    assert "aprove" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--batch", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["run", "--batch", BATCH, "--now", "yesterday"], "'yesterday' is not a time"),
        (["run", "--batch", BATCH, "--now", "2026-03-02T09:00:00"], "has no time zone"),
        (["run", "--batch", BATCH], "there is no snapshot of the crm yet"),
        (["decisions", "--batch", "last"], "there are no books"),
        (["audit", "why", "--record", "con-1"], "there are no books"),
        (["audit", "verify"], "there are no books"),
        (["rebuild"], "there are no books"),
    ],
)
def test_wrong_input_ends_with_two_and_a_plain_sentence(
    arguments: list[str | Path], says: str, home: Home, wb: Wb
) -> None:
    """Issue 2, item 11: what the user can mend is told without a traceback, with exit code 2."""
    done = wb(*arguments, "--home", home.root)
    assert done.exit_code == 2
    assert says in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


@pytest.fixture
def broken_policy(tmp_path: Path) -> tuple[Path, int]:
    """The default policy with one word misspelt, and the line where."""
    lines = default_policy_file().read_text(encoding="utf-8").splitlines()
    number = next(index for index, line in enumerate(lines, 1) if line.startswith("confidence:"))
    lines[number - 1] = lines[number - 1].replace("confidence", "confidance")
    path = tmp_path / "mine.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path, number


def test_policy_check_names_file_and_line_when_it_is_refused(broken_policy: tuple[Path, int], wb: Wb) -> None:
    """Issue 2, item 3: exit code 3, and file and line of the mistake."""
    path, line = broken_policy
    done = wb("policy", "check", path)
    assert done.exit_code == 3
    assert f"mine.yaml:{line}" in done.err


def test_policy_check_passes_when_it_is_a_policy(wb: Wb) -> None:
    """Issue 2, item 3: the policy that ships is one."""
    done = wb("policy", "check", default_policy_file())
    assert done.exit_code == 0
    assert done.out.startswith("policy.yaml is a policy.")


def test_run_decides_nothing_when_the_policy_is_refused(broken_policy: tuple[Path, int], home: Home, wb: Wb) -> None:
    """FLD-1, EXC-3: a broken policy stops the run with exit code 3 before anything is judged; --debug tells where it
    broke.
    """
    path, line = broken_policy
    sample = sample_folder()
    arguments = [
        "run",
        "--home",
        home.root,
        "--crm",
        sample / "crm",
        "--evidence",
        sample / "evidence",
        "--batch",
        BATCH,
    ]
    done = wb(*arguments, "--policy", path)
    assert done.exit_code == 3
    assert f"mine.yaml:{line}" in done.err
    assert "Traceback" not in done.err
    assert not home.segments.exists()
    assert not home.published.exists()


def test_unexpected_error_is_one_line_unless_debug_asks(wb: Wb, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 2, item 11: a bug ends with 1, a line and the way to tell more; `--debug` shows the traceback."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("nobody expected this")

    monkeypatch.setattr("wb_pipeline.policy.load.load_policy", fail)
    done = wb("policy", "check", default_policy_file())
    assert done.exit_code == 1
    assert done.err.startswith("Error: ZeroDivisionError: nobody expected this\n")
    assert "--debug" in done.err
    assert "Traceback" not in done.err
    with pytest.raises(ZeroDivisionError):
        wb("--debug", "policy", "check", default_policy_file())


def test_control_characters_in_an_unexpected_error_give_the_terminal_no_orders(
    wb: Wb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EVD-10: an error may quote a value from outside."""

    def fail(*_: object) -> None:
        raise ValueError("value \x1b[2J\x9b31m from outside")

    monkeypatch.setattr("wb_pipeline.policy.load.load_policy", fail)
    done = wb("policy", "check", default_policy_file())
    assert "\x1b" not in done.err
    assert "\x9b" not in done.err
