"""A thousand random tampers: `verify_books` finds every one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import duckdb

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.audit.tampers import NAMES_ROW, NEEDS_EXPORTED_HEAD, TAMPERS
from wb_pipeline_tests.ledger.factories import small_books
from wb_pipeline_tests.ledger.processes import context

TAMPERS_IN_ALL = 1_000
_WORKERS = 2


def missed_tampers(bases: Path, work: Path, seeds: Sequence[int]) -> list[str]:
    """Tamper with a fresh copy of small books per seed; return what was not found, or found without naming the row."""
    names = list(islice(cycle(TAMPERS), max(seeds) + 1))
    heads = {Home(path / "home").root: Ledger.open(Home(path / "home")).head().event_hash for path in bases.iterdir()}
    missed = []
    with duckdb.connect() as con:
        for seed in seeds:
            name, home = names[seed], Home(work)
            shutil.rmtree(work, ignore_errors=True)
            # Most need one batch only, which verifies twice as fast as two.
            base = Home(bases / ("two" if name == "swap_files" else "one") / "home")
            shutil.copytree(base.root, work)
            TAMPERS[name](home, random.Random(seed))
            report = verify_books(home, heads[base.root] if name in NEEDS_EXPORTED_HEAD else None, con=con)
            names_row = any(finding.row is not None for finding in report.findings)
            if report.is_intact or (name in NAMES_ROW and not names_row):
                missed.append(f"{name}, seed {seed}: {report.findings}")
    return missed


def test_verify_books_finds_a_thousand_random_tampers(tmp_path: Path) -> None:
    """AUD-2: changed, removed, inserted, swapped, reordered, cut or rewritten: all found, none by chance.

    An untouched copy is intact, so no finding comes from copying. Two processes share the work.
    """
    bases = tmp_path / "bases"
    for name, batches in (("one", 1), ("two", 2)):
        home, ledger = small_books(bases / name, batches=batches, rows=4)
        shutil.copytree(home.root, tmp_path / name)
        assert verify_books(Home(tmp_path / name), ledger.head().event_hash).findings == ()
    shares = [range(number, TAMPERS_IN_ALL, _WORKERS) for number in range(_WORKERS)]
    with ProcessPoolExecutor(_WORKERS, mp_context=context()) as pool:
        jobs = [
            pool.submit(missed_tampers, bases, tmp_path / f"work-{number}", list(share))
            for number, share in enumerate(shares)
        ]
        assert [missed for job in jobs for missed in job.result()] == []
