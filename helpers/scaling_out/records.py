"""What one learner takes, measured beforehand: it comes with the lesson."""

import json

from helpers.files import DATA

MEMORY_FILE = DATA / "memory.json"


def memory() -> dict:
    """Return what one learner takes, as `python -m tools.memory` has measured it, and how.

    `server_mb` are megabytes of a JupyterLab server; `notebooks` has for each name `peak_mb`, the
    most megabytes of its kernel, `start_seconds` and `run_seconds`.
    """
    return json.loads(MEMORY_FILE.read_text(encoding="utf-8"))
