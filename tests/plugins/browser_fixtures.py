"""Fixtures of pytest: a browser, and pages that are opened in it."""

import pytest
from playwright.sync_api import sync_playwright

from helpers.common.files import ROOT
from tests.browser import launch, watch_requests


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by Playwright; without a browser, tests skip or, in CI, fail."""
    with sync_playwright() as driver:
        yield launch(driver)


@pytest.fixture
def opened(chromium):
    """A function that opens a file in a browser without a network; afterwards nothing was wrong."""
    contexts, problems = [], []

    def opened(path, expects_errors=False, **options):
        # Numbers that a window passes while it slides would be taken for those of the open number.
        options = {"offline": True, "reduced_motion": "reduce"} | options
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.add_init_script(path=ROOT / "tests" / "in_page.js")
        found = watch_requests(page, path.as_uri())
        problems.append([] if expects_errors else found)
        page.goto(path.as_uri())
        return page

    yield opened
    # A page that still trains would take the processor from all tests that follow.
    for context in contexts:
        context.close()
    assert not any(problems), problems
