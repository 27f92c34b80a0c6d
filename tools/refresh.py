"""Execute the committed notebooks in place, so that a diff shows only what has changed.

    python -m tools.refresh [notebooks/01_load.ipynb ...]

Without names, all of them. A translated one is made anew of its source and the catalogue before.
"""

import sys
import tempfile
from pathlib import Path

import nbformat

from helpers.files import ROOT
from tools import normal, write
from tools.execute import english_notebooks, execute


def main(names: list[str]) -> int:
    """Refresh the notebooks named, or all; leave the first that fails as it is, and return 1."""
    english, paths = english_notebooks(), [Path(name).resolve() for name in names]
    translated = [path for path in paths if path.parent.parent == ROOT / "notebooks"]
    made = translations() if not paths or {*translated} - {*english} else {}
    for path in paths or [*english, *made]:
        text = made.get(path) or path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as nothing_trained:
            source = nbformat.reads(text, as_version=4)
            path.parent.mkdir(exist_ok=True)  # where the kernel starts
            notebook, failure = execute(path, source, HELLO_MNIST_ARTIFACTS=nothing_trained)
        if failure:
            print(f"\n{failure}\n\n{path} is left as it was.", file=sys.stderr)
            return 1
        write(path, normal.text(notebook))
    return 0


def translations() -> dict[Path, str]:
    """Bring the catalogues up to date; return the translated notebooks' texts by their files."""
    if not (ROOT / "locales").exists():
        return {}
    try:
        from publish import translate
    except ModuleNotFoundError as error:
        print(f"Only the English notebooks: {error}; `uv sync --group publish` brings all of it.")
        return {}
    if faults := translate.main():
        print(f"\n{len(faults)} translations to look at; python -m publish.translate names them.")
    return translate.made()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
