"""Execute the committed notebooks in place, so that a diff shows only what has changed.

python -m tools.refresh                            all of them
python -m tools.refresh notebooks/01_load.ipynb    those named
"""

import sys
import tempfile
from pathlib import Path

from tools import normal, write
from tools.execute import NOTEBOOKS, execute


def main(names: list[str]) -> int:
    """Refresh the notebooks named, or all; leave the first that fails as it is, and return 1."""
    for path in map(Path, names) if names else sorted(NOTEBOOKS.rglob("*.ipynb")):
        with tempfile.TemporaryDirectory() as nothing_trained:
            notebook, _, failure = execute(path, HELLO_MNIST_ARTIFACTS=nothing_trained)
        if failure:
            print(f"\n{failure}\n\n{path} is left as it was.", file=sys.stderr)
            return 1
        write(path, normal.text(notebook))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
