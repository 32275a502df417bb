"""`wb run`: judge batches without the UI."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import clock, crm_option, home_option, now_option, policy_option, quiet_option
from wb_pipeline.home import Home

_FOLDER = click.Path(exists=True, path_type=Path)


@click.command()
@crm_option
@click.option(
    "--evidence",
    type=_FOLDER,
    envvar="WB_EVIDENCE",
    help="Folder (or file) with the evidence. Default: the latest snapshot.",
)
@click.option(
    "--batch",
    "batches",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="A file of proposals: JSON Lines, a JSON array or Parquet. May be given again.",
)
@policy_option
@home_option
@now_option
@click.option(
    "--timings", type=click.Path(dir_okay=False, path_type=Path), help="Write the seconds per step to this JSON file."
)
@quiet_option
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    crm: Path | None,
    evidence: Path | None,
    batches: tuple[Path, ...],
    policy: Path | None,
    home: Path,
    now: str | None,
    timings: Path | None,
    quiet: bool,  # noqa: FBT001 - a switch
) -> None:
    """Judge batches of proposals against a CRM, evidence and a policy.

    A batch that was judged before is only verified: its decisions stand, nothing is added. The same job runs in the
    Dagster UI.
    """
    from wb_pipeline.cli.execute import RunRequest, execute, write_timings
    from wb_pipeline.cli.outcome_text import summary

    request = RunRequest(Home.from_environment(home), batches, crm, evidence, policy, clock(now))
    report = execute(request, say=lambda _line: None if quiet else click.echo(_line, err=True))
    if timings:
        write_timings(report, timings)
    click.echo(summary(request.home, report.batch_keys))
