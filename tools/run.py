"""Execute the four notebooks in order and write them into build/, with pages to read them.

python -m tools.run
"""

import time
from pathlib import Path

from nbformat import NotebookNode

from helpers.files import ROOT, WriteError
from tools import write
from tools.execute import execute, four_notebooks, normal_text
from tools.pages import write_pages


def run(notebooks: list[Path], build: Path) -> None:
    """Execute `notebooks` into the folder `build`; SystemExit after the first that fails."""
    executed, width = {}, max(len(path.stem) for path in notebooks)
    table = f"\n{'notebook':{width}}  seconds  key result"
    for path in notebooks:
        start = time.monotonic()
        executed[path], failure = execute(path)
        seconds = time.monotonic() - start
        try:
            write(build / path.name, normal_text(executed[path]))
        except WriteError as error:
            raise SystemExit(str(error)) from error
        if failure:
            raise SystemExit(f"\n{failure}\n\nThe notebook so far: {build / path.name}")
        table += f"\n{path.stem:{width}}  {seconds:7.0f}  {key_result(executed[path])}"
    print(f"{table}\n\nTo read them, open {write_pages(executed, build).as_uri()}")


def key_result(notebook: NotebookNode) -> str:
    """Return the first line of text that the cell tagged `key-result` put out, or nothing."""
    tagged = [cell for cell in notebook.cells if "key-result" in cell.metadata.get("tags", ())]
    outputs = [output for cell in tagged for output in cell.get("outputs", ())]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs]
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")


if __name__ == "__main__":
    run(four_notebooks(), ROOT / "build")
