"""Tokens by which people sign in."""

from __future__ import annotations

import stat

import pytest

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.web.tokens import Tokens


def test_token_opens_for_its_holder_and_no_other_does(home):
    """RVW-5: each person has a token of their own; the name behind it is the one that stands in the books."""
    tokens = Tokens(home)
    ana, ben = tokens.issue("ana"), tokens.issue("ben")
    assert tokens.holder(ana).name == "ana"
    assert tokens.holder(f" {ben}\n").name == "ben"
    assert [tokens.holder(text) for text in ("", "wb_", ana[:-1], ana + "x", "\udcff")] == [None] * 5


def test_only_the_hash_is_kept_and_only_its_owner_reads_the_file(home):
    """A token is shown once: whoever reads the file cannot sign in with what stands there."""
    token = Tokens(home).issue("ana")
    (file,) = home.root.glob("review-tokens.json")
    assert token not in file.read_text()
    assert token.removeprefix("wb_") not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_revoked_token_opens_nothing(home):
    """All tokens of a person are taken back at once; others stay."""
    tokens = Tokens(home)
    first, second, other = tokens.issue("ana"), tokens.issue("ana"), tokens.issue("ben")
    entry = tokens.holder(first)
    assert tokens.revoke("ana") == 2
    assert tokens.holder(first) is tokens.holder(second) is None
    assert not tokens.is_open(entry.token_id)
    assert tokens.holder(other).name == "ben"
    assert tokens.revoke("ana") == 0


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "a\nb", "a\u202eb", "a\x00b"])
def test_name_that_nobody_could_read_is_refused(home, name):
    """A reviewer's name stands in the books: it is visible and not endless."""
    with pytest.raises(InputError, match="cannot be a reviewer's name"):
        Tokens(home).issue(name)
    assert Tokens(home).entries() == []


def test_damaged_file_is_told_not_ignored(home):
    """A damaged file locks everybody out with words, rather than letting anybody in."""
    tokens = Tokens(home)
    token = tokens.issue("ana")
    (home.root / "review-tokens.json").write_text('[{"name": 1}]')
    with pytest.raises(AuditError, match="damaged"):
        tokens.holder(token)
