"""The entry point: which commands there are, how they are found, how errors are shown. No command is made here."""

from __future__ import annotations

import importlib
import sys

import click

from wb_pipeline import __version__
from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.errors import InputError, WbError

_DISK_IS_FULL = ("No space left on device", "database or disk is full")
_MOST_CHARACTERS = 2_000
# Name -> (module, one line for --help). The line stands here so that --help imports nothing.
_COMMANDS = {
    "demo": ("demo", "Judge the bundled sample and tell what was stopped, and why."),
    "run": ("run", "Judge batches of proposals against a CRM, evidence and a policy."),
    "apply": ("apply", "Write what is approved to the CRM, or show what would be written."),
    "undo": ("undo", "Take writes back: one, a batch's, an agent's, those of a time."),
    "decisions": ("decisions", "Show what became of a batch, one line per proposal."),
    "audit": ("audit", "Verify the books; ask why something was decided."),
    "dedupe": ("dedupe", "Find duplicates in the CRM, and say which pairs are none."),
    "train": ("train", "Train the matching models on the CRM and on what people judged."),
    "explain": ("explain", "Show why two records are held to be one, or two."),
    "policy": ("policy", "Check a policy file, and try it on decided batches."),
    "actor": ("actor", "Switch an agent off or on at once (kill switch)."),
    "mode": ("mode", "Show or switch what writes to the CRM may do, at once."),
    "breaker": ("breaker", "Show budgets that are spent, and let an agent go on."),
    "review": ("review", "Show what waits for a person; approve, reject, edit; as a spreadsheet too."),
    "pending": ("pending", "Show denied changes, attach what they lack, propose them again."),
    "notify": ("notify", "Tell owners and operators what became of batches."),
    "report": ("report", "Write one page with charts about decisions, people and writes."),
    "gates": ("gates", "List every gate with its verdict and what it says."),
    "ledger": ("ledger", "Move the ledger into Postgres, or back into its home."),
    "forget": ("forget", "Erase a person's values beside the chain; say where else they stand."),
    "rebuild": ("rebuild", "Make the warehouse again from the books of record."),
    "ui": ("ui", "Open the pipeline in the Dagster UI."),
    "sample": ("sample", "Make a CRM of any size in which the truth is known."),
    "bench": ("bench.group", "Measure speed and memory on generated data."),
}


class _LazyGroup(click.Group):
    """A group that imports a command's module when it is called: `wb --help` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (the signature is click's)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the signature is the caller's
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"wb_pipeline.cli.{_COMMANDS[cmd_name][0]}")
        command = module.command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the signature is the caller's
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wb")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cli(debug: bool) -> None:  # noqa: FBT001  (click passes flags by position or name)
    """Stands between AI agents and your CRM: what they propose is matched, checked, decided and audited.

    Begin with `wb demo`. Then: `wb run --crm DIR --evidence DIR --batch FILE`, `wb decisions --batch last`,
    `wb audit why --record ID`.

    Exit codes: 0 done, 1 unexpected error, 2 wrong input, 3 policy refused, 4 a gate or outcome check stopped the run,
    5 the books do not verify, 6 a message did not leave, 7 a write to the CRM did not get through,
    8 an agent wrote to the CRM around us.
    """
    _ = debug


def main() -> None:
    """Run `wb`; show a problem that the user can mend without a traceback, and exit with its code."""
    is_debug = "--debug" in sys.argv[1:]
    try:
        # Click hands the code of an `Exit` back instead of raising it.
        code = cli(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing is half done: run it again.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except WbError as error:
        if is_debug:
            raise
        click.echo(f"Error: {_visible(error)}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if is_debug:
            raise
        if any(words in str(error) for words in _DISK_IS_FULL):
            click.echo("Error: the disk is full\n  make room and run it again: nothing is lost", err=True)
            sys.exit(InputError.exit_code)
        click.echo(f"Error: {type(error).__name__}: {_visible(error)}", err=True)
        click.echo("  this is unexpected: run again with --debug and report it", err=True)
        sys.exit(1)
    if isinstance(code, int) and code:
        sys.exit(code)


def _visible(error: Exception) -> str:
    """Return an error's lines without control characters: it may quote a file name or a value from outside."""
    return "\n".join(plain(line, _MOST_CHARACTERS) for line in str(error).splitlines())
