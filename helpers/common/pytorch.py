"""Whether PyTorch is installed: two optional lessons need it, and the others don't."""

import importlib.util

from helpers.common.language import _


def say_if_missing() -> str:
    """Return a sentence that says how to install PyTorch where it is missing, and "" elsewhere."""
    if importlib.util.find_spec("torch"):
        return ""
    return _(
        "PyTorch is not installed here. In the project's folder, `uv sync --inexact --group "
        "pytorch` installs it. Where there is no uv, `pip install torch` does. Then restart the "
        "kernel."
    )
