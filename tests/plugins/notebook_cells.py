"""A pytest plugin: each cell of a notebook is a test, which nbval executes.

Its outputs are compared with the committed ones: words literally, pictures by eye, and measured
numbers by what the cell's metadata expect of them.
"""

import re

import pytest

from tests.cells import SAVED, has_tag, is_saved
from tests.pictures import check_pictures, collect_pictures
from tools import missing_library

NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")


def pytest_configure(config):
    # Each notebook runs in a fresh kernel.
    config.option.nbval = config.option.nbval_current_env = True
    config.option.nbval_cell_timeout = 1800


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb":
            prepare_cell(item)


def prepare_cell(item):
    """Set how nbval waits for a cell and what it overlooks; skip a cell that can't be executed."""
    # After a cell has ended, nbval waits 5 seconds for each message, and no option changes this. A
    # kernel that shares its processor with others sometimes needs longer.
    item.output_timeout = 120
    library = missing_library(item.path)
    if library:
        item.add_marker(pytest.mark.skip(reason=f"{library} is not installed"))
    if is_saved(item.path):
        item.add_marker(pytest.mark.skip(reason=SAVED))
    # What a cell expects says what its numbers may be; nbval compares all else literally.
    if has_tag(item.cell, "measured"):
        item.sanitize = lambda text: NUMBER.sub("#", text) if isinstance(text, str) else text


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """After a cell, evaluate what its metadata expect of its results; compare its pictures."""
    if not hasattr(item, "cell"):
        yield
        return
    drawn = collect_pictures(item.parent)
    yield
    for expression in item.cell.metadata.get("expect", []):
        check_expectation(item.parent.kernel.kc, expression)
    check_pictures(item, [*drawn.values()])


def check_expectation(kernel_client, expression):
    """Evaluate in a notebook's kernel, without a trace there, what a cell expects."""
    reply = kernel_client.execute_interactive(
        f"assert {expression}",
        store_history=False,
        allow_stdin=False,
        output_hook=lambda message: None,
        timeout=60,
    )
    content = reply["content"]
    assert content["status"] == "ok", f"expected {expression} {content.get('evalue')}"
