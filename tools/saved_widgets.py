"""The files of JupyterLab's server, where a saved notebook shows no widgets of an earlier day."""

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from tools import WIDGET_VIEW


class NotebookFiles(AsyncLargeFileManager):
    """Files, and notebooks whose widgets can live.

    A widget lives only as long as the kernel that made it. Its output keeps a view of it, and also
    a picture or a text. JupyterLab always takes the view, and says "model not found" if there is no
    such kernel any more. So a notebook without a kernel is opened without views, and its pictures
    and texts are shown. The file itself stays as it is until somebody saves it.
    """

    async def get(self, path, content=True, type=None, format=None, require_hash=False):
        """Return a file or a folder, as the server's other parts ask for it."""
        model = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "notebook" and not await self._has_kernel(path):
            remove_widget_views(model["content"])
        return model

    async def _has_kernel(self, path: str) -> bool:
        """Tell whether a kernel runs for the notebook at a path."""
        return await self.parent.session_manager.session_exists(path.strip("/"))


def remove_widget_views(notebook) -> None:
    """Take the views of widgets out of the outputs that have a picture or a text as well."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if len(data) > 1:
                data.pop(WIDGET_VIEW, None)
