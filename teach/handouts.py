"""Pages to print: worksheets with their keys, and plans for teachers, made from their Markdown.

    python -m teach.handouts

It writes two files in each language into build/handouts/: teachers.html with all pages for
teachers, and pupils.html with the sheets that pupils get. It also writes a page for each file in
docs/print/ and docs/lessons/, and one that leads to them. Open a file in a browser and print it on
A4. A line of three hyphens in the Markdown begins a new sheet of paper.
"""

import argparse
import os
import re
from pathlib import Path

from helpers.common.files import ROOT
from helpers.common.language import current_language
from teach.booklets import write_booklets
from teach.print_page import is_lesson_plan, render_body, render_page
from tools import find_translation, translated_path
from tools.commands import start_command, write_or_exit

FOLDERS = ("docs/print", "docs/lessons")
CONTENTS = "docs/teaching.md"
LINK = re.compile(r'(?<=href=")([\w./-]+)(?=["#])|(?<=src=")([\w./-]+)(?=")')


def handout_sources() -> list[Path]:
    """Return the Markdown files that are printed."""
    pages = [path for folder in FOLDERS for path in (ROOT / folder).glob("*.md")]
    contents = ROOT / CONTENTS
    return sorted([*pages, *contents.parent.glob(f"{contents.stem}*.md")])


def handout_page(source: Path, target: Path) -> str:
    """Return the HTML of the Markdown at `source`, with links that lead on from `target`."""
    printed_sources = handout_sources()

    def redirect_link(link: re.Match) -> str:
        path = Path(os.path.normpath(source.parent / link[0]))
        if path in printed_sources:
            path = target_path(path, target.parents[1])
        return Path(os.path.relpath(path, target.parent)).as_posix()

    markdown = source.read_text(encoding="utf-8")
    return render_page(
        title=markdown.partition("\n")[0].removeprefix("# "),
        body=LINK.sub(redirect_link, render_body(markdown)),
        language=source.stem.partition(".")[2] or "en",
        is_plan=is_lesson_plan(source.stem),
    )


def target_path(source: Path, folder: Path) -> Path:
    """Return where the page of a Markdown file is written, in its own folder in `folder`."""
    return folder / source.parent.name / f"{source.stem}.html"


def write_handouts(folder: Path) -> None:
    """Write all pages into `folder`; SystemExit says why a page can't be written."""
    for source in handout_sources():
        target = target_path(source, folder)
        write_or_exit(target, handout_page(source, target))
    contents = find_translation(ROOT / CONTENTS, current_language())
    first = target_path(contents, folder)
    print(f"All there is to print: {first.as_uri()}")
    write_booklets(folder)
    language = "" if current_language() == "en" else current_language()
    for reader in ("teachers", "pupils"):
        path = folder / translated_path(f"{reader}.html", language)
        print(f"One file for {reader}: {path.as_uri()}")


def run_command(arguments: list[str] | None = None) -> None:
    """Write the pages into build/; SystemExit for any argument but --help."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.handouts", description=__doc__.splitlines()[0]
    )
    parser.parse_args(arguments)
    write_handouts(ROOT / "build" / "handouts")


if __name__ == "__main__":
    start_command(run_command)
