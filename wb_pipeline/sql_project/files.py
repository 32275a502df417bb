"""Reading the YAML of the SQL project: dbt_project.yml, properties beside models, sources. No SQL, no order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from wb_pipeline.sql_project.model import Source
from wb_pipeline.sql_project.names import Relation, SqlProjectError, is_identifier

_PROJECT_KEYS = frozenset(
    {
        *("name", "version", "config-version", "profile", "require-dbt-version", "flags"),
        *("model-paths", "macro-paths", "test-paths", "target-path", "clean-targets"),
        *("vars", "models", "on-run-start"),
    }
)
_FOLDER_KEYS = frozenset({"+materialized", "+post-hook"})
_PROPERTIES_KEYS = frozenset({"version", "models", "sources"})
_MODEL_KEYS = frozenset({"name", "description", "config", "columns"})
_SOURCE_KEYS = frozenset({"name", "description", "schema", "tables"})
_TABLE_KEYS = frozenset({"name", "description", "identifier", "config", "columns"})


@dataclass(frozen=True)
class FolderSettings:
    """What dbt_project.yml says for the models of one folder."""

    materialized: str = "table"
    post_hooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectFile:
    """dbt_project.yml, read and checked."""

    name: str
    model_paths: tuple[str, ...]
    macro_paths: tuple[str, ...]
    test_paths: tuple[str, ...]
    variables: Mapping[str, str | int | bool]
    on_run_start: tuple[str, ...]
    folders: Mapping[str, Any]

    def settings(self, folder: str) -> FolderSettings:
        """Return the settings of a folder below the models path: the deepest materialization, all hooks from above."""
        materialized, hooks, node = "table", list[str](), self.folders
        for part in ["", *folder.split("/")]:
            node = node.get(part, {}) if part else node
            materialized = node.get("+materialized", materialized)
            hooks += _texts(node.get("+post-hook"))
        return FolderSettings(materialized, tuple(hooks))


@dataclass
class Properties:
    """What one properties file says: raw model entries by name, and sources."""

    path: Path
    models: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)


def read_yaml(path: Path, label: str) -> Mapping[str, Any]:
    """Return a YAML mapping; an empty file is an empty mapping.

    Raises SqlProjectError with file and line for what is not valid YAML, repeats a key, or is not a mapping.
    """
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise SqlProjectError(f"{label}{line}: {getattr(error, 'problem', None) or error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SqlProjectError(f"{label} cannot be read: {error}") from None
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise SqlProjectError(f"{label}: a mapping is wanted, not a {type(data).__name__}.")
    return data


def read_project_file(folder: Path) -> ProjectFile:
    """Read dbt_project.yml; a setting that the renderer would not honour is an error."""
    path = folder / "dbt_project.yml"
    data = read_yaml(path, path.name)
    _refuse_unknown(data, _PROJECT_KEYS, path, path.name)
    name = data.get("name")
    if not is_identifier(name):
        raise SqlProjectError(f"{path.name}: `name` is missing or not a plain name.")
    models = data.get("models") or {}
    _refuse_unknown(models, frozenset({str(name)}), path, f"{path.name}, models")
    folders = models.get(name) or {}
    _check_folders(folders, path)
    return ProjectFile(
        name=str(name),
        model_paths=_texts(data.get("model-paths", ["models"])),
        macro_paths=_texts(data.get("macro-paths", ["macros"])),
        test_paths=_texts(data.get("test-paths", ["tests"])),
        variables=_variables(data.get("vars") or {}, path),
        on_run_start=_texts(data.get("on-run-start")),
        folders=folders,
    )


def read_properties(path: Path, label: str) -> Properties:
    """Read a properties file under `models/`."""
    data = read_yaml(path, label)
    _refuse_unknown(data, _PROPERTIES_KEYS, path, label)
    found = Properties(path)
    for entry in data.get("models") or []:
        _refuse_unknown(entry, _MODEL_KEYS, path, label)
        if str(entry.get("name")) in found.models:
            raise SqlProjectError(f"{label}: model {entry.get('name')!r} is described twice.")
        found.models[str(entry.get("name"))] = entry
    for entry in data.get("sources") or []:
        _refuse_unknown(entry, _SOURCE_KEYS, path, label)
        found.sources += _read_source(entry, path, label)
    return found


def read_columns(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return {column: description} of a model or source table entry."""
    return {str(column["name"]): clean_text(column.get("description")) for column in entry.get("columns") or []}


def read_meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `config.meta` of an entry."""
    return ((entry.get("config") or {}).get("meta")) or {}


def clean_text(text: object) -> str:
    """Return a description on one line."""
    return " ".join(str(text or "").split())


def _read_source(entry: Mapping[str, Any], path: Path, label: str) -> Iterable[Source]:
    for table in entry.get("tables") or []:
        _refuse_unknown(table, _TABLE_KEYS, path, label)
        relation = Relation(str(entry.get("schema", entry["name"])), str(table.get("identifier", table["name"])))
        if not (is_identifier(relation.schema) and is_identifier(relation.identifier)):
            raise SqlProjectError(f"{label}: {relation} is not a plain name.")
        yield Source(
            key=(str(entry["name"]), str(table["name"])),
            relation=relation,
            description=clean_text(table.get("description")),
            columns=read_columns(table),
            made_from=_texts(read_meta(table).get("made_from")),
            path=path,
        )


def _check_folders(node: Mapping[str, Any], path: Path) -> None:
    for key, value in node.items():
        if str(key).startswith("+"):
            _refuse_unknown({key: value}, _FOLDER_KEYS, path, path.name)
        elif isinstance(value, Mapping):
            _check_folders(value, path)
        else:
            raise SqlProjectError(f"{path.name}{_line(path, str(key))}: {key!r} is neither a folder nor a +setting.")
        if key == "+materialized" and value not in {"table", "view"}:
            raise SqlProjectError(f"{path.name}{_line(path, str(key))}: {value!r} is not known; table and view are.")


def _refuse_unknown(data: Mapping[str, Any], known: frozenset[str], path: Path, label: str) -> None:
    for key in data:
        if key not in known:
            hint = f"Known here: {', '.join(sorted(known))}."
            raise SqlProjectError(f"{label}{_line(path, str(key))}: {key!r} is not part of the subset.", hint=hint)


def _line(path: Path, key: str) -> str:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip().lstrip("- ").startswith(f"{key}:"):
            return f":{number}"
    return ""


def _variables(data: Mapping[str, Any], path: Path) -> dict[str, str | int | bool]:
    for name, value in data.items():
        if not isinstance(value, str | int):
            place = f"{path.name}{_line(path, name)}"
            raise SqlProjectError(f"{place}: var {name!r} has to be text, a whole number or a boolean.")
    return dict(data)


def _texts(value: str | Iterable[object] | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value or ())
