"""Execute the committed notebooks in place, so that a diff shows only what has changed.

python -m tools.refresh                            all of them
python -m tools.refresh notebooks/01_load.ipynb    those named

A translated notebook is made anew of its source and the catalogue before.
"""

import sys
import tempfile
from pathlib import Path

import nbformat

from publish import translate
from tools import normal, write
from tools.execute import english_notebooks, execute


def main(names: list[str]) -> int:
    """Refresh the notebooks named, or all; leave the first that fails as it is, and return 1."""
    faults, made = translate.main(), translate.made()
    for path in map(Path, names) if names else [*english_notebooks(), *made]:
        text = made.get(path.resolve()) or path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as nothing_trained:
            source = nbformat.reads(text, as_version=4)
            path.parent.mkdir(exist_ok=True)  # where the kernel starts
            notebook, _, failure = execute(path, source, HELLO_MNIST_ARTIFACTS=nothing_trained)
        if failure:
            print(f"\n{failure}\n\n{path} is left as it was.", file=sys.stderr)
            return 1
        write(path, normal.text(notebook))
    if faults:
        print(f"\n{len(faults)} translations to look at; python -m publish.translate names them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
