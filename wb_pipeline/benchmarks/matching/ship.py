"""How the models that ship are made: from made-up CRMs of many kinds, none of which is measured on. Matches nothing.

Run `wb bench ship-models` after a change to comparisons, terms or preparation; the same code gives the same models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.benchmarks.matching.our_matcher import load_policy_of_bench, prepare
from wb_pipeline.matching.blocking import block_within
from wb_pipeline.matching.bundle import Bundle, ObjectModel
from wb_pipeline.matching.frequencies import write_frequencies
from wb_pipeline.matching.inputs import ObjectName, write_bases, write_inputs
from wb_pipeline.matching.link import compare_pairs
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.fit import fit_card
from wb_pipeline.matching.scorecard.term_table import write_pair_terms
from wb_pipeline.matching.train import Trained, train_model
from wb_pipeline.synthetic.emphasis import varied_rates
from wb_pipeline.synthetic.generate import generate_crm

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

SIZES = (3_000, 5_000, 8_000, 12_000, 20_000, 30_000, 30_000, 50_000, 15_000, 10_000, 60_000, 25_000, 40_000, 18_000)
"""Contacts per CRM: the card has to hold in small ones and large ones."""
FIRST_SEED = 101
OBJECTS: tuple[ObjectName, ...] = ("contact", "company")
PAIRS_PER_CRM = 20_000
"""At most so many pairs of one CRM are learned from: none of them sets the tone."""
STRENGTH = 0.1
"""Inverse penalty. Weaker than cross-validation on these CRMs would choose: other people's CRMs are other."""
SPLINK_CONTACTS = 60_000
"""The CRM that the shipped Splink weights are trained on."""


@dataclass(frozen=True)
class _Labelled:
    terms: pd.DataFrame
    is_same: pd.Series[bool]


def make_bundle(echo: Callable[[str], object]) -> Bundle:
    """Return the models to ship."""
    parts: dict[ObjectName, list[_Labelled]] = {name: [] for name in OBJECTS}
    for number, contacts in enumerate(SIZES):
        with _MadeUpCrm(contacts, FIRST_SEED + number) as con:
            for name in OBJECTS:
                parts[name].append(_terms(con, name))
                echo(
                    f"CRM {number + 1} of {len(SIZES)}: {contacts} contacts, {len(parts[name][-1].terms)} {name} pairs"
                )
    splink = _splink_models(echo)
    return Bundle({name: _model(name, splink[name], labelled) for name, labelled in parts.items()})


def _model(name: ObjectName, splink: Trained, labelled: list[_Labelled]) -> ObjectModel:
    import pandas as pd

    terms = pd.concat([part.terms for part in labelled], ignore_index=True)
    is_same = pd.concat([part.is_same for part in labelled], ignore_index=True).to_numpy(dtype=int)
    trained_on = {"crms": len(labelled), "pairs": len(terms), "duplicates": int(is_same.sum()), "labels": "made up"}
    card = fit_card(name, terms, is_same, strength=STRENGTH, trained_on=dict(trained_on))
    report = splink.report | {"records": f"a made-up CRM of {SPLINK_CONTACTS} contacts"}
    return ObjectModel(name, splink.settings, card, report)


class _MadeUpCrm:
    """A made-up CRM in a warehouse of its own, prepared and counted."""

    def __init__(self, contacts: int, seed: int) -> None:
        self._contacts, self._seed = contacts, seed

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        generate_crm(folder, contacts=self._contacts, seed=self._seed, rates=varied_rates(self._seed))
        self._con = duckdb.connect()
        data = load_labelled(self._con, folder)
        load_policy_of_bench(self._con)
        prepare(self._con, data.snapshot_hash)
        write_bases(self._con)
        write_frequencies(self._con)
        return self._con

    def __exit__(self, *_: object) -> None:
        self._con.close()
        self._folder.cleanup()


def _inputs(con: duckdb.DuckDBPyConnection, name: ObjectName) -> None:
    con.execute(
        "create or replace table matching.numbered as select row_number() over (order by record_id)::integer as"  # noqa: S608 - our own names
        f" record_number, * exclude (record_number) from matching.{name}_base where object = '{name}'"
    )
    write_inputs(con, name, "matching.numbered")


def _terms(con: duckdb.DuckDBPyConnection, name: ObjectName) -> _Labelled:
    _inputs(con, name)
    block_within(con, f"matching.{name}_inputs", MODELS[name].rules)
    compare_pairs(con, name, MODELS[name].settings(), least_weight=None)
    write_pair_terms(con, name)
    found = con.execute(
        f"""
        select terms.*, a.entity_id = b.entity_id as is_same
        from matching.pair_terms as terms
        inner join matching.{name}_inputs as l on l.record_number = record_number_l
        inner join matching.{name}_inputs as r on r.record_number = record_number_r
        inner join labelled.truth as a on a.record_id = l.record_id and a.object = '{name}'
        inner join labelled.truth as b on b.record_id = r.record_id and b.object = '{name}'
        order by hash(l.record_id, r.record_id), l.record_id, r.record_id limit {PAIRS_PER_CRM}
        """  # noqa: S608 - our own names and numbers
    ).df()
    return _Labelled(found.drop(columns="is_same"), found["is_same"])


def _splink_models(echo: Callable[[str], object]) -> dict[ObjectName, Trained]:
    made: dict[ObjectName, Trained] = {}
    with _MadeUpCrm(SPLINK_CONTACTS, FIRST_SEED + len(SIZES)) as con:
        for name in OBJECTS:
            _inputs(con, name)
            made[name] = train_model(con, name)
            echo(f"Splink model of {name} trained")
    return made
