"""Execute the four notebooks in order and write them, and pages to read, into build/.

python -m tools.run
"""

import sys
from pathlib import Path

from helpers.files import ROOT, WriteError
from tools import normal, page, write
from tools.execute import execute, lesson


def run(notebooks: list[Path], build: Path) -> int:
    """Execute `notebooks` into the folder `build`; return 0, or 1 after the first that fails."""
    names = [path.stem for path in notebooks]
    entries = []
    try:
        for path in notebooks:
            notebook, ends, failure = execute(path)
            write(build / path.name, normal.text(notebook))
            if failure:
                print(f"\n{failure}\n\nThe notebook so far: {build / path.name}", file=sys.stderr)
                return 1
            write(build / f"{path.stem}.html", page.page(notebook, names))
            entry = {"name": path.stem, "title": page.title(notebook), "seconds": ends[-1]}
            entries.append(entry | {"result": page.key_result(notebook)})
        write(build / "index.html", page.index(entries))
    except WriteError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    width = max(map(len, names))
    print(f"\n{'notebook':{width}}  seconds  key result")
    for entry in entries:
        print(f"{entry['name']:{width}}  {entry['seconds']:7.0f}  {entry['result']}")
    print(f"\nTo read them, open {(build / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(run(lesson(), ROOT / "build"))
