"""A thousand ways to falsify small books, each by one random choice. Used by `test_tampering`; no assertions here.

Whoever falsifies is taken to know the format: guards are put back, hashes of single rows are made to fit.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from wb_pipeline.home import Home
from wb_pipeline_tests.audit.tampers_files import OF_FILES
from wb_pipeline_tests.audit.tampers_ledger import OF_LEDGER

# Name -> tamper. Those that fit the head file too are found only with an exported head.
TAMPERS: dict[str, Callable[[Home, random.Random], None]] = {
    tamper.__name__: tamper for tamper in (*OF_LEDGER, *OF_FILES)
}
NEEDS_EXPORTED_HEAD = frozenset({"cut_tail_and_head_file", "rewrite_everything"})
# The finding must name the row too, not only the file whose bytes differ.
NAMES_ROW = frozenset({"change_value", "move_value_rows", "forge_tombstone"})
