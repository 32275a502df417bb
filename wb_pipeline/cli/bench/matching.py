"""`wb bench matching`, `matching-size`, `ship-models`: how well and how fast records are matched, by which models.

The measuring itself: `benchmarks.matching`.
"""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.bench.options import folder_option, json_option, show, tell


@click.command("matching")
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
@json_option
def matching(crm: Path, truth: Path | None, kind: str, labels: int, seed: int, json_file: Path | None) -> None:
    """Measure matching on labelled data: pairs, clusters, proposals; ours beside plain Splink."""
    from wb_pipeline.benchmarks.matching.bench import Labelled, bench_matching

    report = bench_matching(Labelled(crm, truth, kind), labels=labels, seed=seed, echo=tell)
    show(report, json_file)


@click.command("matching-size")
@folder_option
@click.option("--contacts", "sizes", multiple=True, type=int, default=(10_000, 100_000, 1_000_000), show_default=True)
@click.option("--seed", default=1, show_default=True)
@json_option
def matching_size(folder: Path, sizes: tuple[int, ...], seed: int, json_file: Path | None) -> None:
    """Measure how time and memory of matching grow with the CRM, part by part."""
    from wb_pipeline.benchmarks.matching.size import bench_size

    report = bench_size(folder, sizes=sizes, seed=seed, echo=tell)
    show(report, json_file)


@click.command("ship-models")
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

    bundle = make_bundle(tell)
    target = out or SHIPPED_FILE
    target.write_text(bundle.to_json(), encoding="utf-8")
    click.echo(f"Models {bundle.model_hash} written to {target}")
