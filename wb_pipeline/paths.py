"""Where the files lie that travel with the code: the SQL project and the sample, in a checkout or in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def sql_project_folder() -> Path:
    """Return the folder of the SQL project: beside the package in a checkout, inside it in a wheel."""
    in_wheel = _PACKAGE / "_sql"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / "dbt_like_sql"


def default_policy_file() -> Path:
    """Return the policy that ships with the project."""
    return sql_project_folder() / "policy" / "policy.yaml"


def sample_folder() -> Path:
    """Return the bundled sample: `crm/`, `evidence/` and `batches/`."""
    return _PACKAGE / "sample"
