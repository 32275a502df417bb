"""Who stands behind what a command puts on record: a person, or a reviewer of the policy in force (RVW-5).

One place for every command and page that takes a name. Who may decide which item is in `people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.errors import InputError
from wb_pipeline.policy.store import read_policy
from wb_pipeline.review.people import why_nobody
from wb_pipeline.review.policies import policies_of

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.models import PolicyDocument
    from wb_pipeline.policy.models_people import Reviewer


def require_person(home: Home, by: str) -> None:
    """Raise InputError unless a name is given that is no agent's and no integration's, in whatever disguise.

    Every policy that was ever used counts: an agent that was struck off the list has not become a person.
    """
    if not by.strip():
        raise InputError("this needs the name of a person", hint="say it with --by")
    for path in sorted(home.policies.glob("*.yaml")):
        try:
            policy = read_policy(home, path.stem).document
        except InputError:
            continue
        if problem := why_nobody(by, policy):
            raise InputError(f"--by {plain(by, 80)!r}: {problem[1]}", hint="name the person who does it")


def require_reviewer(home: Home, ledger: Ledger, by: str) -> Reviewer:
    """Return the rights of a reviewer of the policy in force; raise InputError for anybody else."""
    require_person(home, by)
    policy = policies_of(home, ledger).current().document
    if by not in policy.reviewers:
        raise InputError(f"{plain(by, 80)} is no reviewer in the policy", hint=_hint(policy))
    return policy.reviewers[by]


def _hint(policy: PolicyDocument) -> str:
    return f"its reviewers are: {', '.join(sorted(policy.reviewers)) or 'nobody'}"
