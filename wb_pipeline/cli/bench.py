"""`wb bench`: speed and memory on generated data, beside a floor; matching on data of which the truth is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import click


class _Report(Protocol):
    """What a benchmark returns."""

    def as_json(self) -> dict[str, object]: ...

    def render(self) -> str: ...


@click.group()
def command() -> None:
    """Measure speed and memory on generated data, and how well records are matched."""


@command.command("road")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--contacts", default=100_000, show_default=True)
@click.option("--proposals", default=100_000, show_default=True)
@click.option("--bad-rows", default=10_000, show_default=True, help="How many of the proposals cannot be read.")
@click.option("--repeats", default=3, show_default=True, help="Runs of each case; the medians are shown.")
def road(folder: Path, contacts: int, proposals: int, bad_rows: int, repeats: int) -> None:
    """Run the whole road on generated data, beside DuckDB alone reading the same files and writing the same tables."""
    from wb_pipeline.benchmarks.road import bench_road

    report = bench_road(
        folder,
        contacts=contacts,
        proposals=proposals,
        bad_rows=bad_rows,
        repeats=repeats,
        echo=lambda line: click.echo(line, err=True),
    )
    click.echo(report.render())


@command.command("gates")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--proposals", default=55_000, show_default=True, help="Each has an action and one or more fields.")
@click.option("--evidence", default=100_000, show_default=True, help="The least number of evidence items.")
@click.option("--turns", default=200, show_default=True, help="Turns of each transcript.")
@click.option("--repeats", default=3, show_default=True, help="Runs; the medians are shown.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def gates(folder: Path, proposals: int, evidence: int, turns: int, repeats: int, json_file: Path | None) -> None:
    """Measure all facts and gates over about 100,000 changes, beside selecting and writing the same rows."""
    from wb_pipeline.benchmarks.gates import bench_gates

    report = bench_gates(
        folder,
        proposals=proposals,
        evidence=evidence,
        turns=turns,
        repeats=repeats,
        echo=lambda line: click.echo(line, err=True),
    )
    _show(report, json_file)


@command.command("review")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--items", default=10_000, show_default=True, help="How many wait.")
@click.option("--bulk", default=1_000, show_default=True, help="How many are approved at once.")
@click.option("--race", default=1_000, show_default=True, help="How many two processes decide on at the same time.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def review(folder: Path, items: int, bulk: int, race: int, json_file: Path | None) -> None:
    """Measure the review queue: listing it, approving in bulk, two reviewers who decide on the same items."""
    from wb_pipeline.benchmarks.review.bench import ReviewSize, bench_review

    report = bench_review(folder, ReviewSize(items, bulk, race), lambda line: click.echo(line, err=True))
    _show(report, json_file)


@command.command("page")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--items", default=10_000, show_default=True, help="How many wait.")
@click.option("--repeats", default=7, show_default=True, help="Times that each page is asked for; medians are shown.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def page(folder: Path, items: int, repeats: int, json_file: Path | None) -> None:
    """Measure how long a reviewer waits for the pages of a long queue, over a real connection."""
    from wb_pipeline.benchmarks.review.page import bench_page

    _show(bench_page(folder, items, repeats, lambda line: click.echo(line, err=True)), json_file)


@command.command("matching")
@click.option(
    "--crm",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of labelled data, such as `wb sample --contacts 30000 --proposals 3000 --out DIR` writes.",
)
@click.option(
    "--truth", type=click.Path(file_okay=False, path_type=Path), help="Folder of its truth, if it lies apart."
)
@click.option(
    "--kind",
    type=click.Choice(["crm", "sites", "senzing"]),
    default="crm",
    show_default=True,
    help="The form of the data; `sites` and `senzing` are public sets, see docs/matching.md.",
)
@click.option(
    "--labels",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Judged pairs per object to learn from, drawn from the half that is not reported on.",
)
@click.option("--seed", default=1, show_default=True, help="Which halves, labels and given ids are drawn.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def matching(crm: Path, truth: Path | None, kind: str, labels: int, seed: int, json_file: Path | None) -> None:
    """Measure matching on labelled data: pairs, clusters, proposals; ours beside plain Splink."""
    from wb_pipeline.benchmarks.matching.bench import Labelled, bench_matching

    report = bench_matching(
        Labelled(crm, truth, kind), labels=labels, seed=seed, echo=lambda line: click.echo(line, err=True)
    )
    _show(report, json_file)


@command.command("matching-size")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--contacts", "sizes", multiple=True, type=int, default=(10_000, 100_000, 1_000_000), show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def matching_size(folder: Path, sizes: tuple[int, ...], seed: int, json_file: Path | None) -> None:
    """Measure how time and memory of matching grow with the CRM, part by part."""
    from wb_pipeline.benchmarks.matching.size import bench_size

    report = bench_size(folder, sizes=sizes, seed=seed, echo=lambda line: click.echo(line, err=True))
    _show(report, json_file)


@command.command("apply")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench/apply"), show_default=True
)
@click.option("--writes", default=10_000, show_default=True, help="Updates of one field each, on as many contacts.")
@click.option(
    "--crm",
    default="files",
    show_default=True,
    type=click.Choice(["files", "postgres"]),
    help="A folder that is made for it, or the empty database whose URL is in WB_CRM_URL.",
)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def apply(folder: Path, writes: int, crm: str, json_file: Path | None) -> None:
    """Measure writing to a CRM, from the sealed decisions to the receipts, beside plain SQL updates."""
    from wb_pipeline.benchmarks.apply import bench_apply

    _show(bench_apply(folder, writes=writes, crm=crm, echo=lambda line: click.echo(line, err=True)), json_file)


@command.command("support")
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of labelled pairs. Without it: the development half that ships.",
)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def support(pairs: Path | None, json_file: Path | None) -> None:
    """Measure whether the support checker accepts what a person accepts, on labelled pairs of claim and evidence."""
    from wb_pipeline.benchmarks.support.bench import bench_support
    from wb_pipeline.paths import default_policy_file
    from wb_pipeline.policy.load import load_policy

    shipped = Path(__file__).parents[1] / "benchmarks" / "support" / "dev.jsonl"
    _show(bench_support(pairs or shipped, load_policy(default_policy_file())), json_file)


@command.command("audit")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--rows", default=1_000_000, show_default=True, help="Sealed decisions; a tenth as many are written.")
@click.option("--repeats", default=3, show_default=True, help="How often each question is asked.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)
def audit(folder: Path, rows: int, repeats: int, json_file: Path | None) -> None:
    """Measure `wb audit why` and `wb audit verify` on books of a million decisions."""
    from wb_pipeline.benchmarks.audit import bench_audit

    _show(bench_audit(folder, rows=rows, repeats=repeats, echo=lambda line: click.echo(line, err=True)), json_file)


@command.command("ship-models")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them to this file instead of the package's own matching/shipped/models.json.",
)
def ship_models(out: Path | None) -> None:
    """Make the matching models that ship, from made-up CRMs of many kinds; takes some minutes.

    The same code gives the same models: their hash is printed. Needed after a change to comparisons, terms or
    preparation; the models of another release are refused.
    """
    from wb_pipeline.benchmarks.matching.ship import make_bundle
    from wb_pipeline.matching.bundle import SHIPPED_FILE

    bundle = make_bundle(lambda line: click.echo(line, err=True))
    target = out or SHIPPED_FILE
    target.write_text(bundle.to_json(), encoding="utf-8")
    click.echo(f"Models {bundle.model_hash} written to {target}")


def _show(report: _Report, json_file: Path | None) -> None:
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    click.echo(report.render())
