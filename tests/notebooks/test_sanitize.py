"""nbval ignores a misspelt key in silence; here it is an error."""

import configparser
import re
from pathlib import Path

import pytest
from nbval.plugin import get_sanitize_patterns

DEFAULT = "[DEFAULT]\nregex: x\n[a]\nreplace: y"


def problems(text: str) -> list[str]:
    """Return what is wrong in a sanitizer file."""
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    found = [f"[{parser.default_section}] is not for use"] if parser.defaults() else []
    if len(get_sanitize_patterns(text)) != len(parser.sections()):
        found.append("nbval reads only `regex: ` and, in the next line, `replace: `")
    for name in parser.sections():
        if set(parser[name]) != {"regex", "replace"}:
            found.append(f"[{name}] has {sorted(parser[name])}, expected regex and replace")
            continue
        try:
            if re.search(parser[name]["regex"], ""):
                found.append(f"[{name}] matches nothing at all, so it is found everywhere")
            re.sub(parser[name]["regex"], parser[name]["replace"], "")  # or it can't replace
            if re.search(parser[name]["regex"], parser[name]["replace"]):
                found.append(f"[{name}] matches its own replacement")
        except re.error as error:
            found.append(f"[{name}] {error}")
    return found


def test_what_nbval_reads_is_well_formed(pytestconfig):
    """It is put together in conftest.py, from the file here and that of each language."""
    text = Path(pytestconfig.option.nbval_sanitize_with).read_text(encoding="ascii")
    assert problems(text) == [] and text.count("[") > 100


BROKEN = ["regex: x\nreplce: y", "regex: x", "regex: x\nreplace: y\nflags: i"]
BROKEN += ["regex: (x\nreplace: y", "replace: y\nregex: x", "regex=x\nreplace=y"]
BROKEN += ["regex: x*\nreplace: y", "regex: \\d+\nreplace: 7"]


@pytest.mark.parametrize("broken", [*(f"[a]\n{lines}" for lines in BROKEN), DEFAULT])
def test_a_mistake_is_found(broken):
    assert problems(broken)
