"""The tests run without a network: here, in what they start, and in the notebooks' kernels."""

import socket

import pytest

from tests.scratch import write_notebook
from tools.execute import execute

OUTSIDE = "192.0.2.1"  # an address that belongs to nobody; RFC 5737
ASK = f"""
import socket
try:
    socket.create_connection(("{OUTSIDE}", 80), timeout=5)
except OSError as error:
    print(error)
"""


def test_other_machines_cannot_be_reached():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as one, pytest.raises(OSError, match="offline"):
            one.connect((OUTSIDE, 80))
        with socket.socket(socket.AF_INET6, kind) as one, pytest.raises(OSError, match="offline"):
            one.connect(("2001:db8::1", 80, 0, 0))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(OSError, match="offline"):
        one.sendto(b"x", (OUTSIDE, 80))
    for look_up in (socket.gethostbyname, lambda name: socket.getaddrinfo(name, 80)):
        with pytest.raises(socket.gaierror, match="offline"):
            look_up("example.org")


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_a_kernel_is_offline(tmp_path):
    notebook, *_rest = execute(write_notebook(tmp_path / "a.ipynb", "# A", ASK))
    assert "offline" in notebook.cells[-1].outputs[0].text
