"""Each pin is the newest version of its package, or another package says why it isn't."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.common.files import ROOT

TEXT = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PINS = [Requirement(line) for line in TEXT.splitlines() if not line.startswith("#")]
# What `make constraints` notes: the newest version of each package that is pinned to an older one.
NEWEST = [Requirement(line) for line in re.findall("^# doesn't fit: (.*)$", TEXT, re.MULTILINE)]
INSTALLED = {canonicalize_name(it.name): it for it in metadata.distributions()}


def applies(requirement):
    return not requirement.marker or requirement.marker.evaluate({"extra": ""})


def what_forbids(newest):
    """Return the requirements of installed packages that the newest version doesn't meet."""
    (version,) = (specifier.version for specifier in newest.specifier)
    for package in INSTALLED.values():
        for bound in map(Requirement, package.requires or ()):
            is_about_it = canonicalize_name(bound.name) == newest.name and applies(bound)
            if is_about_it and not bound.specifier.contains(version, prereleases=True):
                yield f"{package.name} {package.version} wants {bound}"


def test_a_pin_older_than_the_newest_version_is_held_back_by_another_package():
    for pin in filter(applies, PINS):
        there = INSTALLED.get(canonicalize_name(pin.name))
        if there and there.version not in pin.specifier:
            pytest.skip(f"{there.name} {there.version} is installed, and not {pin}")
    for newest in filter(applies, NEWEST):
        reasons = [*what_forbids(newest)]
        print(newest, *reasons, sep="\n    ")
        assert reasons, f"No package forbids {newest}. `make constraints` should have pinned it."


def test_the_weekly_job_tries_the_oldest_versions_that_the_project_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dependencies = "\n".join(project["dependencies"])
    oldest = dict(re.findall(r"^(tensorflow|keras)>=([\d.]+)", dependencies, re.M))
    weekly = (ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8")
    assert dict(re.findall(r'"(tensorflow|keras)>=([\d.]+)\.dev0"', weekly)) == oldest
