"""What every asset shares: keys, partitions, the context of a step, metadata about a table. No step is made here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.resources import Books, RunInputs, SqlModels, Warehouse
from wb_pipeline.sql_project import SqlProject

OWNERS = ["team:revops"]
# One partition per batch file, named by its content hash: never by what the file says of itself.
BATCHES = dg.DynamicPartitionsDefinition(name="batches")
SINGLE_RUN = dg.BackfillPolicy.single_run()
_PREVIEW_ROWS = 20
_BAR_WIDTH = 20


@dataclass(frozen=True)
class StepContext:
    """What a step may use. `con` is the run's only connection; `batch_keys` are the partitions that were asked for."""

    con: duckdb.DuckDBPyConnection
    home: Home
    ledger: Ledger
    inputs: RunInputs
    project: SqlProject
    run_id: str
    batch_keys: Sequence[str]
    say: Callable[[str], None]
    warn: Callable[[str], None]


def step_context(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
    warehouse: Warehouse,
    books: Books,
    inputs: RunInputs,
    sql_models: SqlModels,
) -> StepContext:
    """Gather a step's context from the orchestrator's."""
    keys = (
        context.partition_keys
        if isinstance(context, dg.AssetExecutionContext) and context.has_partition_key_range
        else []
    )
    if not keys and isinstance(context, dg.AssetExecutionContext) and context.has_partition_key:
        keys = [context.partition_key]
    return StepContext(
        con=warehouse.connection,
        home=books.home,
        ledger=books.ledger,
        inputs=inputs,
        project=sql_models.project,
        run_id=context.run.run_id,
        batch_keys=list(keys),
        say=context.log.info,
        warn=context.log.warning,
    )


def source_key(schema: str, table: str) -> dg.AssetKey:
    """Return the asset key of a table that Python makes."""
    return dg.AssetKey([schema, table])


def table_metadata(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, Any]:
    """Return row count and column schema of one of our own relations, in the form the orchestrator's UI knows."""
    columns = con.execute(f"describe {relation}").fetchall()
    rows = con.execute(f"select count(*) from {relation}").fetchall()[0][0]  # noqa: S608  (our own relation names)
    schema = dg.TableSchema([dg.TableColumn(name=row[0], type=row[1]) for row in columns])
    return {"dagster/row_count": rows, "dagster/column_schema": schema, "dagster/relation_identifier": relation}


def markdown_preview(con: duckdb.DuckDBPyConnection, relation: str) -> dg.MarkdownMetadataValue:
    """Return the largest rows of a small table as Markdown, with a bar for the first count.

    Values are shown as code, so that none of them is markup.
    """
    columns = con.execute(f"describe {relation}").fetchall()
    names = [row[0] for row in columns]
    counts = [row[0] for row in columns if row[1] == "BIGINT"]
    order = ", ".join([*(f"{count} desc" for count in counts[:1]), *names])
    rows = con.execute(f"select * from {relation} order by {order} limit {_PREVIEW_ROWS}").fetchall()  # noqa: S608 - own names
    return markdown_table(names, rows, names.index(counts[0]) if counts else None)


def markdown_table(names: Sequence[str], rows: Sequence[Sequence[Any]], count: int | None) -> dg.MarkdownMetadataValue:
    """Return rows as Markdown; `count` is the position of a number that is drawn as a bar too."""
    bars = [""] * len(rows) if count is None else _bars([row[count] for row in rows])
    lines = ["| " + " | ".join([*names, ""]) + " |", "|" + "---|" * (len(names) + 1)]
    lines += ["| " + " | ".join([*map(_cell, row), bar]) + " |" for row, bar in zip(rows, bars, strict=True)]
    return dg.MetadataValue.md("\n".join(lines))


def _bars(values: Sequence[int]) -> list[str]:
    """Return one bar per value, the largest of them `_BAR_WIDTH` wide."""
    most = max(values, default=0)
    return ["\u2588" * round(_BAR_WIDTH * value / most) if most else "" for value in values]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)[:200].replace("`", "'").replace("|", "/").replace("\n", " ").replace("\r", " ")
    return f"`{text}`" if text else ""


def python_tables(  # noqa: PLR0913 - one parameter per part of an asset
    project: SqlProject,
    name: str,
    tables: Iterable[tuple[str, str]],
    *,
    deps: Iterable[dg.AssetKey],
    group: str,
    compute: Callable[[StepContext], dict[str, Any] | None],
    partitioned: bool = True,
) -> dg.AssetsDefinition:
    """Return one step that makes several tables by a plain function; their words come from sources.yml.

    `compute` may return metadata, which is put on the step's first table.
    """
    keys = list(tables)
    specs = [
        dg.AssetSpec(
            key=source_key(*key),
            deps=list(deps),
            group_name=group,
            description=project.sources[key].description,
            owners=OWNERS,
            kinds={"python", "duckdb"},
        )
        for key in keys
    ]

    @dg.multi_asset(
        name=name,
        specs=specs,
        partitions_def=BATCHES if partitioned else None,
        backfill_policy=SINGLE_RUN if partitioned else None,
    )
    def step(
        context: dg.AssetExecutionContext, warehouse: Warehouse, books: Books, inputs: RunInputs, sql_models: SqlModels
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """Compute the step's tables, and report each with its size; what was found stands with the first."""
        found = compute(step_context(context, warehouse, books, inputs, sql_models)) or {}
        for schema, table in keys:
            metadata = table_metadata(warehouse.connection, f"{schema}.{table}")
            yield dg.MaterializeResult(asset_key=source_key(schema, table), metadata=metadata | found)
            found = {}

    return step
