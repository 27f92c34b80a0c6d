"""Execute the four notebooks in order and write them into build/, with pages to read them.

python -m tools.run [zh_CN]
"""

import argparse
from pathlib import Path

from nbformat import NotebookNode

from helpers.common.files import ROOT
from helpers.common.language import _, current_language, use_language
from tools import add_language_argument, find_translation, four_notebooks
from tools.commands import start_command, write_or_exit
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
            so_far = _("The notebook so far: {path}", path=build / path.name)
            raise SystemExit(f"\n{failure}\n\n{so_far}")
        results += f"\n{path.stem}: {key_result(executed[path])}"
    address = write_pages(executed, build).as_uri()
    print(f"{results}\n\n{_('To read them, open {address}', address=address)}")


def key_result(notebook: NotebookNode) -> str:
    """Return the first line of text that the cell tagged `key-result` put out, or ""."""
    for cell in notebook.cells:
        if "key-result" not in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            if text.strip():
                return text.strip().splitlines()[0]
    return ""


def run_command(arguments: list[str] | None = None) -> None:
    """Run the four notebooks in a language; SystemExit if one fails, or without this language."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.run", description=__doc__.splitlines()[0]
    )
    add_language_argument(parser)
    language = parser.parse_args(arguments).language or current_language()
    with use_language(language):
        notebooks = [find_translation(path, language) for path in four_notebooks()]
        run_notebooks(notebooks, ROOT / "build")


if __name__ == "__main__":
    start_command(run_command)
