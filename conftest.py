"""The tests use these plugins. Each of them does one thing that pyproject.toml can't say."""

pytest_plugins = [
    "tests.plugins.processes",
    "tests.plugins.selection",
    "tests.plugins.longest_first",
    "tests.plugins.time_budget",
    "tests.plugins.notebook_cells",
    "tests.plugins.unchanged",
    "tests.plugins.lesson_fixtures",
    "tests.plugins.browser_fixtures",
]
