"""Open the first notebook in JupyterLab, which shows the project's folder, `artifacts/` included.

    python -m tools.lab [zh_CN]

With the name of a folder in notebooks/, the first notebook there.
"""

import sys

from jupyterlab.labapp import main

from helpers.files import ROOT


def arguments(folder: str = "") -> list[str]:
    """Return what JupyterLab is called with; SystemExit if there's no first notebook in `folder`.

    Settings of this project keep it from asking for its news and from looking for updates.
    """
    notebooks = ROOT / "notebooks"
    if not (first := notebooks / folder / "01_load.ipynb").exists():
        there = ", ".join(sorted(path.parent.name for path in notebooks.glob("*/01_load.ipynb")))
        raise SystemExit(f"There is no {first}. Languages besides English: {there or 'none'}.")
    settings = ROOT / "tools" / "jupyterlab"
    return [str(first), f"--ServerApp.root_dir={ROOT}", f"--LabApp.app_settings_dir={settings}"]


if __name__ == "__main__":
    main(arguments(*sys.argv[1:2]))
