"""Open the first notebook in JupyterLab, which shows the project's folder, `artifacts/` included.

    python -m tools.lab [zh_CN]

With the name of a folder in notebooks/, the first notebook there.
"""

import sys

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyterlab.labapp import main

from helpers.files import ROOT
from tools.execute import METADATA

# One Ctrl+C stops it without a question. It doesn't ask for its news and looks for no updates.
OPTIONS = [
    "--ServerApp.answer_yes=True",
    "--ServerApp.contents_manager_class=tools.lab.Files",
    f"--LabApp.app_settings_dir={ROOT / 'tools' / 'jupyterlab'}",
]


class Files(AsyncLargeFileManager):
    """The project's files; a notebook of it isn't changed by being opened.

    JupyterLab writes into each open notebook which Python its kernel is, to the last number of its
    version. Here a committed notebook comes with that, and is saved without.
    """

    def _kernel(self) -> dict:
        spec = self.parent.kernel_spec_manager.get_kernel_spec("python3")
        kernel = {"name": "python3", "display_name": spec.display_name, "language": spec.language}
        return {"kernelspec": kernel, "language_info": IPythonKernel.language_info}

    async def get(self, path, content=True, **wanted):
        """Return a file as JupyterLab asks for it."""
        model = await super().get(path, content, **wanted)
        if model["type"] == "notebook" and content:
            metadata = model["content"]["metadata"]
            if METADATA.items() <= metadata.items():
                metadata.update(self._kernel())
        return model

    async def save(self, model, path=""):
        """Save what JupyterLab gives."""
        if model.get("type") == "notebook" and "content" in model:
            metadata = model["content"]["metadata"]
            if self._kernel().items() <= metadata.items():
                metadata.update(METADATA)
        return await super().save(model, path)


def first_notebook(folder: str = "") -> str:
    """Return the path of the first notebook in a folder of notebooks/; SystemExit if none is."""
    notebooks = ROOT / "notebooks"
    if not (first := notebooks / folder / "01_load.ipynb").exists():
        there = ", ".join(sorted(path.parent.name for path in notebooks.glob("*/01_load.ipynb")))
        raise SystemExit(f"There is no {first}. Languages besides English: {there or 'none'}.")
    return str(first)


if __name__ == "__main__":
    main([first_notebook(*sys.argv[1:2]), f"--ServerApp.root_dir={ROOT}", *OPTIONS])
