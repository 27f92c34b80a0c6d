"""The tests; conftest.py imports from here first, so this says what is missing."""

from importlib.util import find_spec

if missing := [name for name in ("hypothesis", "nbval") if not find_spec(name)]:
    install = "`uv sync --group test` or `python -m pip install -e . --group test` installs them."
    raise SystemExit(f"The tests need {' and '.join(missing)}: {install}")
