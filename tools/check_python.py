"""Say in one sentence why this Python can't set up the project; say nothing if it can.

Written so that old Pythons, 2.7 included, can read it: they are the ones it is for.
"""

import io
import os
import re
import sys

PYPROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "pyproject.toml")


def supported():
    """Return the oldest Python in pyproject.toml and the first too new, each as (major, minor)."""
    with io.open(PYPROJECT, encoding="utf-8") as file:
        line = re.search(r'requires-python = ">=(\d+)\.(\d+),<(\d+)\.(\d+)"', file.read())
    bounds = tuple(int(number) for number in line.groups())
    return bounds[:2], bounds[2:]


def problem(version, has_venv):
    """Return what is wrong with a Python of this version, or None."""
    oldest, after_newest = supported()
    if not oldest <= tuple(version[:2]) < after_newest:
        wanted = "%d.%d to %d.%d" % (oldest[0], oldest[1], after_newest[0], after_newest[1] - 1)
        return (
            "This is Python %d.%d; hello-mnist needs %s. Name another one like this: "
            "PYTHON=python3.12 make run" % (version[0], version[1], wanted)
        )
    if not has_venv:
        return (
            "This Python can't make virtual environments: its venv module is missing. "
            "On Debian and Ubuntu: sudo apt install python%d.%d-venv" % (version[0], version[1])
        )
    return None


def can_make_environments():
    """Return whether the modules are there that Debian keeps in a package of their own."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(problem(sys.version_info, can_make_environments()))
