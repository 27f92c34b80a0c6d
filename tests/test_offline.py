"""The tests run without a network: here, in what they start, and in the notebooks' kernels."""

import socket

import pytest

from tests.scratch import write_notebook
from tools.execute import execute

ASK = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"  # nobody's; RFC 5737


def test_other_machines_cannot_be_reached_and_this_one_can(tmp_path):
    for address in (("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)):
        family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            for reach in (one.connect, lambda address: one.sendto(b"x", address)):
                with pytest.raises(OSError, match="offline"):
                    reach(address)
    with pytest.raises(socket.gaierror, match="offline"):
        socket.getaddrinfo("example.org", 80)
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()
    _notebook, failure = execute(write_notebook(tmp_path / "a.ipynb", "# A", ASK))
    assert "the tests are offline" in failure
