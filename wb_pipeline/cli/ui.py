"""`wb ui`: the Dagster UI over this home, on loopback."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from wb_pipeline.cli.options import home_option
from wb_pipeline.home import Home


@click.command()
@click.option("--port", default=3000, show_default=True, help="The port on this machine.")
@home_option
def command(port: int, home: Path) -> None:
    """Open the pipeline in the Dagster UI: assets, checks, runs, the schedule and the sensor. Ends with Ctrl-C."""
    from wb_pipeline.cli.dagster_home import prepare_dagster_home

    prepare_dagster_home(Home.from_environment(home))
    click.echo(f"http://127.0.0.1:{port}  (Ctrl-C ends it)")
    # Its advice to use another command is not for our users.
    server = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "-m", "wb_pipeline.definitions"]
    server += ["-h", "127.0.0.1", "-p", str(port)]
    # A script's background jobs ignore Ctrl-C, and Dagster answers the polite signal as it answers Ctrl-C: not at all.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # In place of this process: whoever ends `wb ui` ends the UI.
    os.execv(sys.executable, server)  # noqa: S606 - our own arguments
