"""Says whether this Python can run the project, and what to do if not. No installing here.

Written so that any Python 3 can read it: an old interpreter has to get as far as the message.
"""

import os
import sys

OLDEST = (3, 11)
NEWEST = (3, 14)


def problem(version: "tuple[int, int]", has_pip: bool, has_venv: bool) -> str:
    """Return what is wrong with a Python of this (major, minor) version, or "" if nothing is."""
    found = "%d.%d" % version
    if version < OLDEST or version > NEWEST:
        return "Python %d.%d to %d.%d is needed, and `%s` is Python %s." % (OLDEST + NEWEST + (sys.executable, found))
    if not has_venv:
        return "This Python has no `venv` module. On Debian and Ubuntu: apt-get install python%s-venv" % found
    if not has_pip:
        return (
            "This Python has no pip. On Debian and Ubuntu: apt-get install python3-pip. Elsewhere: python3 -m ensurepip"
        )
    return ""


def other_pythons() -> "list[str]":
    """Return the names of Pythons on the PATH that would do, newest first."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    names = ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return [name for name in names if any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders)]


def can_import(name: str) -> bool:
    """Return whether the interpreter below any active virtual environment has a module of this name."""
    import importlib.util

    if sys.prefix == sys.base_prefix:
        return importlib.util.find_spec(name) is not None
    return True  # tools/install.py works with the Python below, and reports for itself what that one lacks


def main() -> int:
    """Print what is wrong and exit with 1, or exit with 0."""
    version = sys.version_info[:2]
    is_in_range = OLDEST <= version <= NEWEST
    message = problem(version, not is_in_range or can_import("pip"), not is_in_range or can_import("venv"))
    if not message:
        return 0
    sys.stderr.write(message + "\n")
    if not is_in_range:
        others = other_pythons()
        name = others[0] if others else "/path/to/python3.12"
        sys.stderr.write("Name another one like this: make test PYTHON=%s\n" % name)
    return 1


if __name__ == "__main__":
    sys.exit(main())
