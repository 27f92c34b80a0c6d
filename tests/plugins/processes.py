"""A pytest plugin: what a process of the tests may use.

A process, and each kernel of a notebook that it starts, has no network, few threads, and a folder
of artifacts of its own for each file.
"""

import os
import runpy
import tempfile
from pathlib import Path

import pytest

from helpers.common.files import ROOT
from tools import python_path

OFFLINE = ROOT / "tests" / "offline"
ARTIFACTS = pytest.StashKey[Path]()


def pytest_configure(config):
    folder = tempfile.TemporaryDirectory(prefix="hello-mnist-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    config.stash[ARTIFACTS] = Path(folder.name)

    # All tests run without a network, here and in the kernels, which inherit the variable.
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), python_path()])

    # Processes that each start a thread for every core are in each other's way.
    if processes := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
        for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, str(max(1, os.cpu_count() // int(processes))))
    # Where the processor has AVX-512, TensorFlow computes by the library oneDNN. Elsewhere it does
    # so only if it is asked, and without oneDNN a training takes 1.7 times as long.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Each notebook and each test file starts without a trained model and leaves yours alone. This
    # runs before nbval starts a notebook's kernel, which inherits the variable.
    file = item.nodeid.partition("::")[0].replace("/", "_")
    os.environ["HELLO_MNIST_ARTIFACTS"] = str(item.config.stash[ARTIFACTS] / file / "artifacts")
