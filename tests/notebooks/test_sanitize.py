"""nbval ignores a misspelt key in silence; here it is an error."""

import configparser
import re
from pathlib import Path

import pytest
from nbval.plugin import get_sanitize_patterns

FILE = Path(__file__).with_name("sanitize.cfg")


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
            band = re.compile(parser[name]["regex"])
        except re.error as error:
            found.append(f"[{name}] {error}")
            continue
        if band.search(""):
            found.append(f"[{name}] matches nothing at all, so it is found everywhere")
        if band.search(parser[name]["replace"]):
            found.append(f"[{name}] matches its own replacement")
    return found


def test_file_is_well_formed():
    assert problems(FILE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "broken",
    [
        "[a]\nregex: x\nreplce: y",
        "[a]\nregex: x",
        "[a]\nregex: x\nreplace: y\nflags: i",
        "[a]\nregex: (x\nreplace: y",
        "[a]\nreplace: y\nregex: x",
        "[a]\nregex=x\nreplace=y",
        "[a]\nregex: x*\nreplace: y",
        "[a]\nregex: \\d+\nreplace: 7",
        "[DEFAULT]\nregex: x\n[a]\nreplace: y",
    ],
)
def test_a_mistake_is_found(broken):
    assert problems(broken)
