"""The files of JupyterLab's server, where a saved notebook shows no widgets of an earlier day."""

from queue import Empty

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from tools import WIDGET_VIEW

SECONDS = 5  # a kernel answers at once, even one that computes; one that has died doesn't


class NotebookFiles(AsyncLargeFileManager):
    """Files, and notebooks that show only widgets which live.

    A widget lives as long as the kernel that made it. A restart ends it as well, although the
    kernel keeps its name. The output of the cell keeps a view of the widget, and also a picture or
    a text. JupyterLab always takes the view, and says "model not found" if the kernel has no such
    widget. So a notebook is opened without the views of these widgets, and their pictures and
    texts are shown. The file itself stays as it is until somebody saves it.
    """

    async def get(self, path, content=True, type=None, format=None, require_hash=False):
        """Return a file or a folder, as the server's other parts ask for it."""
        model = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "notebook":
            living = await self._find_living_widgets(path.strip("/"))
            if living is not None:
                remove_widget_views(model["content"], living)
        return model

    async def _find_living_widgets(self, path: str) -> set[str] | None:
        """Return the ids of the widgets that the kernel of a notebook has.

        There are none without a kernel. The result is None if the kernel doesn't answer.
        """
        if not await self.parent.session_manager.session_exists(path):
            return set()
        session = await self.parent.session_manager.get_session(path=path)
        client = self.parent.kernel_manager.get_kernel(session["kernel"]["id"]).client()
        # Over the control channel, a kernel answers even while a cell runs.
        client.start_channels(shell=False, iopub=False, stdin=False, hb=False, control=True)
        try:
            request = client.session.msg("comm_info_request", {"target_name": "jupyter.widget"})
            client.control_channel.send(request)
            reply = await client.get_control_msg(timeout=SECONDS)
            return set(reply["content"].get("comms", ()))
        except Empty:
            return None
        finally:
            client.stop_channels()


def remove_widget_views(notebook, living: set[str]) -> None:
    """Take out the views of all other widgets where an output has a picture or a text as well."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            view = data.get(WIDGET_VIEW)
            if view and len(data) > 1 and view.get("model_id") not in living:
                del data[WIDGET_VIEW]
