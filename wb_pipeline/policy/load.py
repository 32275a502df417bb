"""Policy file -> `Policy`, or one error that names every mistake with file, line and key. Tables: `tables`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wb_pipeline.errors import PolicyError
from wb_pipeline.policy.checks import run_checks
from wb_pipeline.policy.findings import Finding, KeyPath, policy_error
from wb_pipeline.policy.later_keys import completed
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.shape import read_document
from wb_pipeline.policy.yaml_tree import MAX_CHARACTERS, read_tree

# A character takes up to four bytes.
_MAX_BYTES = 4 * MAX_CHARACTERS


@dataclass(frozen=True)
class Policy:
    """A checked policy. `policy_hash` = SHA-256 of the file's bytes; `name` is only for messages."""

    policy_hash: str
    name: str
    document: PolicyDocument


def load_policy(path: Path) -> Policy:
    """Return the policy of a file. Raises PolicyError with all findings, or when the file cannot be read."""
    return policy_from_bytes(read_policy_bytes(path), path.name)


def parse_policy(text: str, name: str) -> Policy:
    """Return the policy of a text; its hash is that of the text as UTF-8. Raises PolicyError with all findings."""
    return policy_from_bytes(text.encode("utf-8", "surrogatepass"), name)


def policy_from_bytes(content: bytes, name: str, *, is_kept: bool = False) -> Policy:
    """Return the policy of a file's bytes. Raises PolicyError with all findings.

    `is_kept`: it was checked by the release that kept it. What that release did not know yet is as strict as it goes.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise policy_error(name, [Finding((), "this is not UTF-8 text", "save the file as UTF-8", line)], {}) from None
    return Policy(hashlib.sha256(content).hexdigest(), name, _checked_document(text, name, is_kept=is_kept))


def read_policy_bytes(path: Path) -> bytes:
    """Return a policy file's bytes, bounded. Raises PolicyError when there is no such file or it is far too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        message = f"The policy file {path} cannot be read: {error.strerror or error}."
        raise PolicyError(message, hint="Check the path given with --policy.") from None
    if len(content) > _MAX_BYTES:
        raise PolicyError(f"The policy file {path} is larger than {_MAX_BYTES:,} bytes.", hint="Is it a policy?")
    return content


def _checked_document(text: str, name: str, *, is_kept: bool) -> PolicyDocument:
    """Return a document of the caller's own. A run reads one text several times: it is parsed and checked once."""
    read = _read(text, is_kept)
    if read.document is None:
        raise policy_error(name, list(read.findings), dict(read.lines))
    return read.document.model_copy(deep=True)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a text says, or what is wrong with it and where."""

    document: PolicyDocument | None
    findings: tuple[Finding, ...]
    lines: Mapping[KeyPath, int]


@lru_cache(maxsize=8)
def _read(text: str, is_kept: bool) -> _Read:  # noqa: FBT001 - a key of the cache
    """Read and check a text. What sections say about each other is checked once every section has its shape."""
    tree = read_tree(text)
    if tree.value is None:
        return _Read(None, tuple(tree.findings), tree.lines)
    if is_kept:
        tree.value = completed(tree.value)
    document, findings = read_document(tree)
    findings = [*tree.findings, *findings]
    if document is not None:
        findings += run_checks(document)
    return _Read(None if findings else document, tuple(findings), tree.lines)
