"""Which notebook JupyterLab is opened with; tests/web opens it and stops it."""

import pytest

from helpers.files import ROOT
from tools.lab import first_notebook


def test_the_first_notebook_is_opened():
    assert first_notebook() == str(ROOT / "notebooks" / "01_load.ipynb")
    with pytest.raises(SystemExit, match=r"no .*01_load\.ipynb\. Languages besides English: "):
        first_notebook("no_such_language")
