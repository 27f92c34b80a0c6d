import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.jupyterlab import jupyterlab


def test_only_the_token_opens_the_server(tmp_path):
    with jupyterlab(tmp_path) as server:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{server.address}/api/kernels", timeout=60)
        assert server.read("/api/kernels") == b"[]"
        if sys.platform == "linux":  # where everyone reads every command line
            command = Path(f"/proc/{server.process.pid}/cmdline").read_text()
            assert "jupyterlab" in command and server.token not in command
    assert server.process.returncode is not None


def test_a_server_that_does_not_start_says_why(tmp_path):
    with (
        pytest.raises(RuntimeError, match=r"did not start(.|\n)*no_such_folder"),
        jupyterlab(tmp_path, "--ServerApp.root_dir=no_such_folder"),
    ):
        pass
