"""Where results go, and how a file is written so that a failure loses nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def artifacts() -> Path:
    """Return the folder for results: `artifacts/` at the root, whatever the working directory.

    The environment variable `HELLO_MNIST_ARTIFACTS` names another folder; the tests use it so
    that they never touch a model that you trained.
    """
    return Path(os.environ.get("HELLO_MNIST_ARTIFACTS") or ROOT / "artifacts")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it to `path` when the block ends well.

    A block that raises leaves `path` as it was and no temporary file behind. The temporary
    path keeps the suffix of `path`, because writers choose their format by it.

    Raises:
        OSError: the folder can't be made or the file can't be renamed.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
