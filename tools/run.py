"""Execute the four notebooks in order and write them into build/, with pages to read them.

python -m tools.run
"""

from pathlib import Path

from nbformat import NotebookNode

from helpers.files import ROOT, write_or_exit
from tools import four_notebooks
from tools.execute import execute_notebook, normal_text
from tools.pages import write_pages


def run_notebooks(notebooks: list[Path], build: Path) -> None:
    """Execute `notebooks` into the folder `build`; SystemExit after the first that fails."""
    executed = {}
    results = ""
    for path in notebooks:
        executed[path], failure = execute_notebook(path)
        write_or_exit(build / path.name, normal_text(executed[path]))
        if failure:
            raise SystemExit(f"\n{failure}\n\nThe notebook so far: {build / path.name}")
        results += f"\n{path.stem}: {key_result(executed[path])}"
    print(f"{results}\n\nTo read them, open {write_pages(executed, build).as_uri()}")


def key_result(notebook: NotebookNode) -> str:
    """Return the first line of text that the cell tagged `key-result` put out, or nothing."""
    tagged = [cell for cell in notebook.cells if "key-result" in cell.metadata.get("tags", ())]
    outputs = [output for cell in tagged for output in cell.get("outputs", ())]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs]
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")


if __name__ == "__main__":
    run_notebooks(four_notebooks(), ROOT / "build")
