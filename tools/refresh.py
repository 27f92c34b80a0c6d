"""Execute the committed notebooks in place, so that a diff shows only what has changed.

python -m tools.refresh                            all of them
python -m tools.refresh notebooks/01_load.ipynb    those named
"""

import os
import sys
import tempfile
from pathlib import Path

from tools import normal, write
from tools.execute import NOTEBOOKS, execute


def refresh(path: Path) -> str | None:
    """Execute the notebook at `path` with an empty artifacts folder and write it back.

    Returns:
        None, or what failed; the file then stays as it was.
    """
    with tempfile.TemporaryDirectory() as artifacts:
        os.environ["HELLO_MNIST_ARTIFACTS"] = artifacts
        executed = execute(path)
    if executed.failure is None:
        write(path, normal.text(executed.notebook))
    return executed.failure


def main(names: list[str]) -> int:
    """Refresh the notebooks named, or all; return 1 after the first that fails."""
    for path in map(Path, names) if names else sorted(NOTEBOOKS.rglob("*.ipynb")):
        failure = refresh(path)
        if failure:
            print(f"\n{failure}\n\n{path} is left as it was.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
