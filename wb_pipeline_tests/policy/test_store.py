"""Policies are kept by their hash and found changed if they were."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wb_pipeline.errors import AuditError, InputError, PolicyError
from wb_pipeline.home import Home
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.store import keep_policy, policy_path, read_policy


def test_keep_policy_keeps_the_very_bytes_under_their_hash(home: Home):
    """OPS-2: the policy of a day can be read back as it was."""
    policy = keep_policy(home, default_policy_file())
    kept = home.policies / f"{policy.policy_hash}.yaml"
    assert kept.read_bytes() == default_policy_file().read_bytes()
    assert read_policy(home, policy.policy_hash).document == policy.document
    assert not os.access(kept, os.W_OK) or os.geteuid() == 0
    assert kept.stat().st_mode & 0o222 == 0


def test_keep_policy_changes_nothing_when_the_policy_is_kept_already(home: Home):
    """OPS-4: keeping a policy twice is keeping it once."""
    first = keep_policy(home, default_policy_file())
    before = policy_path(home, first.policy_hash).stat().st_mtime_ns
    keep_policy(home, default_policy_file())
    assert [path.name for path in home.policies.iterdir()] == [f"{first.policy_hash}.yaml"]
    assert policy_path(home, first.policy_hash).stat().st_mtime_ns == before


def test_keep_policy_keeps_nothing_when_the_policy_is_refused(home: Home, tmp_path: Path):
    """FLD-1: a refused policy is never among the versions that were used."""
    (tmp_path / "p.yaml").write_text("version: 1\n")
    with pytest.raises(PolicyError):
        keep_policy(home, tmp_path / "p.yaml")
    assert not home.policies.exists()


def test_keep_policy_leaves_no_half_file_when_the_write_fails(home: Home, monkeypatch: pytest.MonkeyPatch):
    """OPS-4: a crash between write and rename leaves either the whole file or none."""

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        keep_policy(home, default_policy_file())
    assert list(home.policies.iterdir()) == []


@pytest.mark.parametrize("again", [lambda home, _: keep_policy(home, default_policy_file()), read_policy])
def test_read_policy_finds_that_a_kept_policy_was_changed(again, home: Home):
    """AUD-2: a change of a kept policy is found before it is used."""
    policy_hash = keep_policy(home, default_policy_file()).policy_hash
    kept = policy_path(home, policy_hash)
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes().replace(b"auto_from: 80", b"auto_from: 51"))
    with pytest.raises(AuditError, match="was changed"):
        again(home, policy_hash)


@pytest.mark.parametrize("given", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_policy_path_refuses_what_is_no_hash(given: str, home: Home):
    """OPS-2: a hash is a file name, so nothing else may be one."""
    with pytest.raises(InputError, match="no policy hash"):
        policy_path(home, given)


def test_read_policy_says_so_when_there_is_none(home: Home):
    """EXC-3: a missing book of record is named."""
    with pytest.raises(InputError, match="There is no policy"):
        read_policy(home, "a" * 64)
