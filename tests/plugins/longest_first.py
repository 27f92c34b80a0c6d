"""A pytest plugin: the files that have taken longest here begin.

Several processes share the files. If a long file began last, one process would still run it when
the others have nothing left to do.
"""

from collections import Counter

import pytest

SECONDS = "hello-mnist/seconds"  # in pytest's cache: how long each file has taken at most


def pytest_configure(config):
    config.pluginmanager.register(LongestFirst(config.cache))


class LongestFirst:
    """Knows how long each file has taken, and notes how long it takes today."""

    def __init__(self, cache):
        self.cache = cache
        self.earlier = cache.get(SECONDS, {})
        self.seconds = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: self.earlier.get(file_name(item), 0), reverse=True)

    def pytest_runtest_logreport(self, report):
        self.seconds[file_name(report)] += report.duration

    def pytest_sessionfinish(self, session):
        """Note the seconds of each file; one of several processes does."""
        if hasattr(session.config, "workerinput"):
            return
        # A run of a few tests of a file says nothing of the whole file.
        longest = {name: max(n, self.earlier.get(name, 0)) for name, n in self.seconds.items()}
        self.cache.set(SECONDS, self.earlier | longest)


def file_name(item_or_report) -> str:
    return item_or_report.nodeid.partition("::")[0]
