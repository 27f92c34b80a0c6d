"""Execute the four notebooks in order and write them, and the site with them, into build/.

python -m tools.run
"""

import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from helpers.files import ROOT
from publish import site
from tools import normal, write
from tools.execute import execute, four_notebooks

TABLE = (
    "As they ran on this machine:\n\n| notebook | seconds | key result |\n| --- | ---: | --- |\n"
)


def run(notebooks: list[Path], build: Path) -> int:
    """Execute `notebooks` into the folder `build`; return 0, or 1 after the first that fails."""
    ran, said = {}, TABLE
    width = max(len(path.stem) for path in notebooks)
    table = f"\n{'notebook':{width}}  seconds  key result"
    try:
        for path in notebooks:
            notebook, ends, failure = execute(path)
            write(build / path.name, normal.text(notebook))
            if failure:
                print(f"\n{failure}\n\nThe notebook so far: {build / path.name}", file=sys.stderr)
                return 1
            ran[path.name], result = normal.normalize(notebook), key_result(notebook)
            table += f"\n{path.stem:{width}}  {ends[-1]:7.0f}  {result}"
            literal = re.sub(r"([!-/:-@[-`{-~])", r"\\\1", result)  # Markdown's signs as they are
            said += f"| [](notebooks/{path.name}) | {ends[-1]:.0f} | {literal} |\n"
        site.build(build, ran, said)
    except (OSError, RuntimeError, ValueError) as error:  # ValueError: a network no page can show
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"{table}\n\nTo read them, open {(build / 'index.html').as_uri()}")
    return 0


def key_result(notebook: NotebookNode) -> str:
    """Return the first line of text that the cell tagged `key-result` put out, or nothing."""
    tagged = [cell for cell in notebook.cells if "key-result" in cell.metadata.get("tags", ())]
    outputs = [output for cell in tagged for output in cell.get("outputs", ())]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs]
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")


if __name__ == "__main__":
    sys.exit(run(four_notebooks(), ROOT / "build"))
