"""Builds the wheel, installs it where the checkout cannot be seen, and runs the demo there. Not here: its story.

By default the libraries come from the running environment (no network, seconds); `--full` installs the wheel's own
dependencies into an empty environment, at the versions of the lock.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
MUST_HOLD = (
    "wb_pipeline/py.typed",
    "wb_pipeline/_sql/dbt_project.yml",
    "wb_pipeline/_sql/policy/policy.yaml",
    "wb_pipeline/matching/shipped/models.json",
    "wb_pipeline/sample/",
    "wb_pipeline/synthetic/words/companies.json",
)
MUST_NOT_HOLD = ("wb_pipeline_tests/", "tools/", "wb_pipeline/_sql/target/")
UNWANTED = {"PYTHONPATH", "WB_HOME", "DAGSTER_HOME"}
WHERE = "import wb_pipeline, wb_pipeline.paths as paths; print(wb_pipeline.__file__); print(paths.sql_project_folder())"


class WheelError(Exception):
    """The wheel is not what it should be; the message says how."""


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder outside the checkout and return what it printed; raise WheelError if it failed."""
    # Neither the checkout nor the caller's home may leak in.
    environment = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WheelError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    return next(folder.glob("*.whl"))


def check_contents(wheel: Path) -> None:
    """Raise WheelError unless the wheel holds the SQL folder, the policy and the sample, and no tools or tests."""
    names = zipfile.ZipFile(wheel).namelist()
    missing = [start for start in MUST_HOLD if not any(name.startswith(start) for name in names)]
    unwanted = [name for name in names if name.startswith(MUST_NOT_HOLD)]
    if missing or unwanted:
        raise WheelError(f"missing in the wheel: {missing}; should not be in it: {unwanted}")


def install(wheel: Path, environment: Path, *, full: bool) -> Path:
    """Install the wheel into a new environment and return that one's folder of commands."""
    venv.EnvBuilder(with_pip=False, symlinks=True).create(environment)
    python = environment / "bin" / "python"
    uv = (Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--python", python)
    if full:
        run(*uv, "--constraint", LOCK, wheel, folder=environment)
        return python.parent
    run(*uv, "--no-deps", "--offline", wheel, folder=environment)
    # A folder named in a .pth file is searched, but its own .pth files are not read: the libraries come along, and the
    # editable install, which is such a file, does not.
    site = environment / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def check_origin(commands: Path, environment: Path) -> None:
    """Raise WheelError unless the package and its SQL folder come from the new environment."""
    for line in run(commands / "python", "-c", WHERE, folder=environment).splitlines():
        if not Path(line).resolve().is_relative_to(environment.resolve()):
            raise WheelError(f"{line} is not in the wheel's environment {environment}")


def check_wheel(folder: Path, *, full: bool) -> str:
    """Build, install, look, run the demo; return what the demo printed. Raise WheelError at the first thing wrong."""
    wheel = build_wheel(folder)
    check_contents(wheel)
    environment = folder / "environment"
    commands = install(wheel, environment, full=full)
    check_origin(commands, environment)
    home = folder / "home"
    shown = run(commands / "wb", "demo", "--home", home, folder=folder)
    if not any(home.glob("segments/*.parquet")):
        raise WheelError(f"the demo sealed no decisions in {home}:\n{shown}")
    return shown


def main() -> int:
    """Check the wheel in a temporary folder; print the demo's last lines or what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="install all dependencies into an empty environment")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            shown = check_wheel(Path(folder).resolve(), full=options.full)
        except WheelError as error:
            print(f"The wheel does not work: {error}", file=sys.stderr)
            return 1
    print("\n".join(shown.splitlines()[-5:]))
    print("The wheel works: the demo ran from it, with the SQL folder inside it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
