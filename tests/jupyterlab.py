"""A JupyterLab server for a test or a measurement, open to nobody but its caller."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from helpers.files import ROOT

# Folders that the environment names, so that the server finds nothing of yours.
FOLDERS = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
FOLDERS += ["HELLO_MNIST_ARTIFACTS"]
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy sees the token


class Server(NamedTuple):
    """A server that answers: its address, without a slash at the end, its token, its process."""

    address: str
    token: str
    process: subprocess.Popen

    def read(self, path: str, timeout: float = 60) -> bytes:
        """Return what a path, such as "/lab", answers to one who has the token."""
        address = f"{self.address}{path}?token={self.token}"
        with DIRECT.open(address, timeout=timeout) as answer:
            return answer.read()


@contextmanager
def jupyterlab(folder: Path, *options: str) -> Iterator[Server]:
    """Serve a folder by a JupyterLab that knows nothing of yours; end it, kernels too, afterwards.

    Settings (in `settings/`), data, log and artifacts lie in the folder as well. Whoever reaches a
    Jupyter server runs code, so it asks for a random token, which it has from its environment,
    because everyone on the machine can read a command line. A browser gives it once, as `?token=`
    at the end of its first address. RuntimeError holds the log, if nothing answers in a minute.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *(f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--LabApp.user_settings_dir={folder / 'settings'}", *options),
    ]
    token = secrets.token_urlsafe()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"JUPYTER_TOKEN": token, "PYTHONPATH": path}
    environment |= {name: str(folder / name.lower()) for name in FOLDERS}
    log = folder / "jupyterlab.log"
    with log.open("w") as out:
        settings = {"stdout": out, "stderr": subprocess.STDOUT, "start_new_session": True}
        process = subprocess.Popen(command, env=environment, **settings)
    server, end = Server(f"http://127.0.0.1:{port}", token, process), time.monotonic() + 60
    try:
        while process.poll() is None and time.monotonic() < end:
            with suppress(OSError):
                server.read("/api/status", timeout=5)
                break
            time.sleep(0.2)
        else:
            raise RuntimeError(f"JupyterLab did not start. It says:\n{log.read_text()}")
        yield server
    finally:
        process.terminate()  # it ends its kernels
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
