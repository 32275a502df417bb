"""`wb train`: train the matching models on the CRM and on what people judged (IDN-2). How: `steps.training`."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import crm_option, home_option, policy_option, quiet_option
from wb_pipeline.home import Home


@click.command()
@crm_option
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV or Parquet with object, left_id, right_id, is_same, beside what `wb dedupe judge` noted.",
)
@policy_option
@home_option
@quiet_option
def command(
    crm: Path | None,
    labels: Path | None,
    policy: Path | None,
    home: Path,
    quiet: bool,  # noqa: FBT001 - a switch
) -> None:
    """Train the matching models and put them in force: for duplicates and proposals from now on.

    A small CRM keeps Splink's weights that ship, few labels keep the card that is there; the report says which and why.
    The same job runs in the Dagster UI.
    """
    from wb_pipeline.assets.training import training_config
    from wb_pipeline.cli.execute import RunRequest, execute_job
    from wb_pipeline.cli.train_text import trained_text
    from wb_pipeline.errors import InputError
    from wb_pipeline.jobs.names import TRAINING_JOB
    from wb_pipeline.ledger.place import has_ledger
    from wb_pipeline.steps.label_files import read_labels

    request = RunRequest(Home.from_environment(home), (), crm, None, policy)
    if crm is None and not has_ledger(request.home):
        raise InputError("there is no snapshot of the crm yet", hint="name its folder with --crm DIR or WB_CRM")
    if labels:
        # Said before minutes of work, not after them.
        labels = labels.resolve()
        read_labels(labels)
    execute_job(
        request, TRAINING_JOB, training_config(labels), lambda line: None if quiet else click.echo(line, err=True)
    )
    click.echo(trained_text(request.home))
