"""A JupyterLab server for a test or a measurement, open to nobody but its caller."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from helpers.files import ROOT

FOLDERS = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
FOLDERS |= {"JUPYTER_RUNTIME_DIR": "runtime", "HELLO_MNIST_ARTIFACTS": "artifacts"}


class Server(NamedTuple):
    """A server that answers: its address, without a slash at the end, its token, its process."""

    address: str
    token: str
    process: subprocess.Popen

    def read(self, path: str, timeout: float = 60) -> bytes:
        """Return what a path, such as "/lab", answers to one who has the token."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.address + path, headers=headers)
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.read()


@contextmanager
def jupyterlab(folder: Path, *options: str) -> Iterator[Server]:
    """Serve a folder by a JupyterLab that knows nothing of yours; end it, kernels too, afterwards.

    Settings, data, log and the artifacts of its notebooks lie in the folder as well. Whoever can
    reach a Jupyter server runs code, so it asks for a random token. The server takes that from its
    environment, because the command line of a process can be read by everyone on the machine. A
    browser shows it once, as `?token=` at the end of the first address that it opens.

    Args:
        folder: what to serve; `settings/` in it holds the user's settings, if there are any.
        options: more of JupyterLab's own options.

    Raises:
        RuntimeError: the server did not start within a minute; the message holds its log.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *(f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        *options,
    ]
    token = secrets.token_urlsafe()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"JUPYTER_TOKEN": token, "PYTHONPATH": path}
    environment |= {name: str(folder / place) for name, place in FOLDERS.items()}
    log = folder / "jupyterlab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{port}", token, process)
    try:
        _wait_for(server, log)
        yield server
    finally:
        process.terminate()  # it ends its kernels
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(server: Server, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while server.process.poll() is None and time.monotonic() < end:
        try:
            server.read("/api/status", timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start. It says:\n{log.read_text()}")
