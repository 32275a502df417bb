"""A made-up CRM that is just large enough to train on, its labels, and the training job over it. Asserts nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import dagster as dg
import duckdb

from wb_pipeline.assets.training import training_config
from wb_pipeline.definitions import build_defs
from wb_pipeline.home import Home
from wb_pipeline.resources import Books, RunInputs, Warehouse
from wb_pipeline.synthetic import generate_crm

CONTACTS = 2_100
LABELS = 400


@dg.logger
def _silent(_context: dg.InitLoggerContext) -> logging.Logger:
    return logging.Logger("silent", level=logging.CRITICAL)  # noqa: LOG001 - not to be found by name


def make_crm(folder: Path) -> Path:
    """Write the CRM and, beside it, labels.csv: duplicates by the truth, and as many neighbours that are none."""
    generate_crm(folder, contacts=CONTACTS, seed=11, form="records")
    with duckdb.connect() as con:
        con.execute(
            f"""
            copy (
                with known as (from read_parquet('{folder}/truth_contacts.parquet')),
                pairs as (
                    select l.contact_id as one, r.contact_id as other, l.entity_id = r.entity_id as is_same
                    from known as l
                    inner join known as r
                        on l.contact_id < r.contact_id and (l.entity_id = r.entity_id or l.t_last = r.t_last)
                )
                select 'contact' as object, one as left_id, other as right_id, is_same
                from pairs
                qualify row_number() over (partition by is_same order by hash(one, other), one, other) <= {LABELS // 2}
                order by all
            ) to '{folder}/labels.csv' (header)
            """
        )
    return folder


def run_training(home: Home, crm: Path | None, labels: Path | None) -> dg.ExecuteInProcessResult:
    """Run the job once in an instance of its own."""
    root = str(home.root)
    inputs = RunInputs(crm_folder=str(crm or ""), now="2026-03-02T10:00:00Z")
    resources = {"books": Books(home_folder=root), "warehouse": Warehouse(home_folder=root), "inputs": inputs}
    defs = build_defs(loggers={"console": _silent}, **resources)
    config = {"loggers": {"console": {}}} | training_config(labels)
    return defs.resolve_job_def("train_matching").execute_in_process(run_config=config)
