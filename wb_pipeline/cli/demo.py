"""`wb demo`: the main job on the bundled sample, and what came of it."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from wb_pipeline.cli.options import home_option
from wb_pipeline.home import Home

# The sample's world stands still at this moment.
_NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
# The follow-up came later: it repeats some of the morning's proposals.
_RUNS = (
    (
        "2026-03-02-morning.jsonl",
        "2026-03-02-stray-agents.jsonl",
        "2026-03-02-new-names.jsonl",
        "2026-03-02-calls-and-sequences.jsonl",
    ),
    ("2026-03-02-followup.json", "2026-03-02-later-sequences.jsonl", "2026-03-02-checked-evidence.jsonl"),
)


@click.command()
@home_option
def command(home: Path) -> None:
    """Judge the bundled sample: a small CRM, its evidence, and seven batches of proposals by agents, good and bad.

    Running it again verifies the same decisions and adds nothing.
    """
    from wb_pipeline.cli.execute import RunRequest, execute
    from wb_pipeline.cli.gates import words
    from wb_pipeline.cli.outcome_text import summary
    from wb_pipeline.cli.story import causes, story_lines
    from wb_pipeline.paths import sample_folder

    books, sample = Home.from_environment(home), sample_folder()
    keys: list[str] = []
    for names in _RUNS:
        click.echo(f"Judging {', '.join(names)}", err=True)
        batches = [sample / "batches" / name for name in names]
        request = RunRequest(books, batches, sample / "crm", sample / "evidence", now=_NOW)
        keys += execute(request, say=lambda line: click.echo(line, err=True)).batch_keys
    click.echo(summary(books, keys))
    click.echo("\n".join(story_lines(causes(books, keys, words()))))
    click.echo(_where_to_look(books, _crm_to_write(books, sample / "crm")))


def _crm_to_write(home: Home, sample: Path) -> Path:
    """Return a copy of the sample's CRM that may be written to, made once: what was applied to it stays."""
    folder = home.root / "demo-crm"
    if not folder.exists():
        shutil.copytree(sample, folder)
    return folder


def _where_to_look(home: Home, crm: Path) -> str:
    wb, where = _wb(), f"--home {home.root}"
    moment = "--now 2026-03-02T12:00:00Z"
    return f"""
Where to look now
  what became of each proposal   {wb} decisions --batch last {where}
  why something was decided      {wb} audit why --record con-1 {where}
  what waits for a person        {wb} review list {moment} {where}
  what would be written          {wb} apply --dry-run --crm {crm} {moment} {where}
  that nothing was tampered with {wb} audit verify {where}
  charts on one page             {wb} report {where}
  reports as CSV                 {home.published / "reports"}
  the pipeline itself            {wb} ui {where}"""


def _wb() -> str:
    """Return how to call `wb` from here: by its name, or by its path where the environment is not activated."""
    return "wb" if shutil.which("wb") else str(Path(sys.argv[0]))
