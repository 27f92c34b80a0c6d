"""Disks that are full or read-only, for the tests of what is saved."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, *options: str | Path) -> Iterator[None]:
    """Mount something over a folder; skip the test where this process may not."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    done = subprocess.run(["mount", *options, folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk may be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write to a folder or below it: by its mode, or for root, by a mount."""
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    modes = [place.stat().st_mode for place in places]
    for place in places:
        place.chmod(0o555)
    try:
        if not os.access(folder, os.W_OK):
            yield
        else:
            with mounted(folder, "--bind", folder):
                subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
                yield
    finally:
        for place, mode in zip(places, modes, strict=True):
            place.chmod(mode)
