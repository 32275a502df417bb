"""Makes `.venv` ready: every package of the lock, checked by hash, and this checkout. Does nothing when it is ready.

Runs on the standard library alone. What is installed stands in the two lock files, not here; `make lock` makes those.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".ready"
LOCK = ROOT / "requirements.lock"
INSTALLERS_LOCK = ROOT / "requirements-bootstrap.lock"

# Settings of the caller's own environment that would send packages elsewhere or make pip ask questions.
UNWANTED = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
SETTINGS = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "UV_PYTHON_DOWNLOADS": "never"}


def base_python() -> str:
    """Return the interpreter below any active virtual environment: it has pip, and outlives a cleared `.venv`."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def wanted_state() -> str:
    """Return a digest of all that decides what `.venv` holds: locks, packaging, interpreter, and its own place.

    The place counts because scripts in a virtual environment name it; the tool settings in pyproject.toml do not count.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = [project["build-system"], project["project"], project["tool"]["hatch"]]
    parts = [json.dumps(packaging, sort_keys=True), sys.version, sys.base_prefix, str(VENV)]
    digest = hashlib.sha256("\n".join(parts).encode())
    for file in (LOCK, INSTALLERS_LOCK):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_ready(state: str) -> bool:
    """Return whether a whole installation of this state stands in `.venv`."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8").strip() == state


def run(*command: str) -> bool:
    """Run a command in the project's folder, without input; return whether it succeeded."""
    environment = {name: value for name, value in os.environ.items() if name not in UNWANTED} | SETTINGS
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def pip_has_its_own_index() -> bool:
    """Return whether pip is set up for a registry of its own, which uv would not know about."""
    command = [base_python(), "-I", "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False).stdout
    keys = [line.partition("=")[0].rpartition(".")[2] for line in listed.splitlines()]
    return any(key in {"index-url", "no-index"} for key in keys)


def install_with_uv() -> bool:
    """Install the lock with uv, four times as fast as pip; return False where uv cannot do it."""
    if pip_has_its_own_index() or not pip("--only-binary", ":all:", "--require-hashes", "-r", str(INSTALLERS_LOCK)):
        return False
    uv = (str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON))
    return run(*uv, "--require-hashes", "--compile-bytecode", "-r", str(LOCK))


def pip(*arguments: str) -> bool:
    """Install into `.venv` with the pip of the Python below it: no `ensurepip` is needed, which Debian leaves out."""
    return run(base_python(), "-I", "-m", "pip", "--python", str(PYTHON), "install", "--quiet", *arguments)


def install() -> bool:
    """Build `.venv` from nothing; return whether it is whole."""
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(VENV)
    if not install_with_uv():
        print("Installing with pip (uv is not usable here): this takes a minute or two.", flush=True)
        if not pip("--require-hashes", "-r", str(LOCK)):
            return False
    return pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def main() -> int:
    """Return 0 once `.venv` is ready; say how long it took."""
    state = wanted_state()
    if is_ready(state):
        return 0
    print("Installing the locked packages into .venv (once) ...", flush=True)
    started = time.monotonic()
    if not install():
        print("The installation did not finish; the reason stands above. Run the same command again.", file=sys.stderr)
        return 1
    # The stamp comes last: whatever was interrupted before this line is done again from the start.
    STAMP.write_text(state + "\n", encoding="utf-8")
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
