"""A JupyterLab server for tests, open to nobody but its caller."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.files import ROOT
from tools import lab

# Folders that the environment names, so that the server finds nothing of yours.
FOLDERS = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
FOLDERS += ["HELLO_MNIST_ARTIFACTS"]


@contextmanager
def jupyterlab(folder: Path, **popen) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve a folder, with settings in `settings/`; give the address of a page and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_urlsafe()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {name: str(folder / name.lower()) for name in FOLDERS}
    environment |= {"JUPYTER_TOKEN": token, "PYTHONPATH": path}  # all can read a command line
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
    command += [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", *lab.OPTIONS]
    command += [f"--LabApp.user_settings_dir={folder / 'settings'}"]
    process = subprocess.Popen(command, env=os.environ | environment, **popen)
    try:
        while process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/lab/tree/pad.ipynb?token={token}", process
    finally:
        process.terminate()  # it ends its kernels
        process.wait(timeout=20)
