"""How JupyterLab is opened; tests/web opens it."""

import os
import signal

import pytest

from helpers.files import ROOT
from tests.jupyterlab import jupyterlab
from tools.lab import first_notebook


def test_the_first_notebook_is_opened():
    assert first_notebook() == str(ROOT / "notebooks" / "01_load.ipynb")
    with pytest.raises(SystemExit, match=r"no .*01_load\.ipynb\. Languages besides English: "):
        first_notebook("no_such_language")


@pytest.mark.skipif(os.name != "posix", reason="JupyterLab asks nothing on Windows")
def test_one_ctrl_c_in_the_terminal_stops_it(tmp_path):
    keyboard, terminal = os.openpty()
    with jupyterlab(tmp_path, stdin=terminal) as (_address, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    os.close(keyboard)
    os.close(terminal)
