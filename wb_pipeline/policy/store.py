"""Policies as books of record: each version kept once under its content hash, and verified when it is read back."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.policy.load import Policy, policy_from_bytes, read_policy_bytes

_HASH = re.compile(r"[0-9a-f]{64}")
_READ_ONLY = 0o444


def keep_policy(home: Home, path: Path) -> Policy:
    """Check a policy file, keep its bytes under their hash, return the policy. Keeping it again changes nothing.

    Raises PolicyError where the policy is refused (nothing is kept then), AuditError where the kept file was changed.
    """
    content = read_policy_bytes(path)
    policy = policy_from_bytes(content, path.name)
    kept = policy_path(home, policy.policy_hash)
    if kept.exists():
        _verified(kept, policy.policy_hash)
    else:
        _write_once(kept, content)
    return policy


def read_policy(home: Home, policy_hash: str) -> Policy:
    """Return a kept policy. Raises InputError when there is none, AuditError when its bytes lost their hash."""
    kept = policy_path(home, policy_hash)
    if not kept.is_file():
        raise InputError(
            f"There is no policy {policy_hash} in {home.policies}.", hint="Restore the folder from a backup."
        )
    return _read_once(_verified(kept, policy_hash), kept.name)


@lru_cache(maxsize=16)
def _read_once(content: bytes, name: str) -> Policy:
    """Return the policy of kept bytes: they are verified each time, and understood once."""
    return policy_from_bytes(content, name, is_kept=True)


def policy_path(home: Home, policy_hash: str) -> Path:
    """Return where a policy lies. Raises InputError for anything but 64 hex digits: a hash is also a file name."""
    if not _HASH.fullmatch(policy_hash):
        raise InputError(f"{policy_hash[:80]!r} is no policy hash.", hint="A hash has 64 hex digits.")
    return home.policies / f"{policy_hash}.yaml"


def _verified(kept: Path, policy_hash: str) -> bytes:
    content = kept.read_bytes()
    if hashlib.sha256(content).hexdigest() != policy_hash:
        raise AuditError(f"{kept} was changed: its content no longer has its hash.", hint="Restore it from a backup.")
    return content


def _write_once(kept: Path, content: bytes) -> None:
    """Write and fsync beside the target, then rename: a reader sees the whole file or none."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=kept.parent, prefix=".policy-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_READ_ONLY)
        Path(temporary).replace(kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(kept.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
