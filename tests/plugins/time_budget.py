"""A pytest plugin: the end of a run names the tests that take longer than a test should."""

from collections import Counter

MAX_SECONDS = 10  # of a test that is no cell of a notebook and isn't marked `slow`


def pytest_configure(config):
    config.pluginmanager.register(TimeBudget())


class TimeBudget:
    """Adds up how long each test takes, with what is made and closed for it."""

    def __init__(self):
        self.seconds = Counter()

    def pytest_runtest_logreport(self, report):
        is_cell = report.nodeid.partition("::")[0].endswith(".ipynb")
        if not is_cell and "slow" not in report.keywords:
            self.seconds[report.nodeid] += report.duration

    def pytest_terminal_summary(self, terminalreporter):
        late = [(name, n) for name, n in self.seconds.most_common() if n > MAX_SECONDS]
        if late:
            terminalreporter.section(f"longer than {MAX_SECONDS} s, and not marked slow")
        for name, seconds in late:
            terminalreporter.line(f"{seconds:.1f} s  {name}")
