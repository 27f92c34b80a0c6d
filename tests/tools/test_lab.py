"""How JupyterLab is opened; tests/web opens it."""

import pytest

from helpers.files import ROOT
from tools.lab import arguments


def test_the_first_notebook_is_opened_in_the_projects_folder():
    first, root, _settings = arguments()
    assert first == str(ROOT / "notebooks" / "01_load.ipynb") and root.endswith(f"={ROOT}")
    with pytest.raises(SystemExit, match=r"no .*01_load\.ipynb\. Languages besides English: "):
        arguments("no_such_language")
