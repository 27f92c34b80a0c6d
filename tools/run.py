"""Execute the four notebooks in order and write them, and pages to read, into build/.

python -m tools.run
"""

import sys
from pathlib import Path

from helpers.files import ROOT, WriteError
from tools import normal, write
from tools.execute import execute, lesson
from tools.page import Entry, index, key_result, page, title

BUILD = ROOT / "build"


def run(notebooks: list[Path], build: Path) -> int:
    """Execute `notebooks` into the folder `build`; return 0, or 1 after the first that fails."""
    pages = {path.stem for path in notebooks}
    entries = []
    try:
        for path in notebooks:
            executed = execute(path)
            write(build / path.name, normal.text(executed.notebook))
            if executed.failure:
                so_far = f"The notebook so far: {build / path.name}"
                print(f"\n{executed.failure}\n\n{so_far}", file=sys.stderr)
                return 1
            write(build / f"{path.stem}.html", page(executed.notebook, pages))
            result = key_result(executed.notebook)
            entries.append(Entry(path.stem, title(executed.notebook), executed.seconds, result))
        write(build / "index.html", index(entries))
    except WriteError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"\n{table(entries)}\n\nTo read them, open {(build / 'index.html').as_uri()}")
    return 0


def table(entries: list[Entry]) -> str:
    """Return the entries as lines of text: notebook, seconds, key result."""
    width = max(len(entry.name) for entry in entries)
    lines = [f"{'notebook':{width}}  seconds  key result"]
    lines += [f"{e.name:{width}}  {e.seconds:7.0f}  {e.result}" for e in entries]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(run(lesson(), BUILD))
