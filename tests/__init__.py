"""The tests. Here stand the plugins of conftest.py, so this says first what is missing."""

from importlib.util import find_spec

if not find_spec("nbval"):
    install = "`uv sync --group test` or `python -m pip install -e . --group test` installs it."
    raise SystemExit(f"The tests need nbval: {install}")
