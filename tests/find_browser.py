"""What conftest.py and the study still import from here; see tests/browser.py."""

import shutil

from tests.browser import BROWSERS, FLAGS  # noqa: F401


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
