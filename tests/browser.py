"""JupyterLab in a headless Chromium, for the tests that need hands and eyes."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.jupyterlab import jupyterlab as jupyterlab_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are on the page
}


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def jupyterlab(notebook: Path, folder: Path) -> Iterator[str]:
    """Serve a copy of a notebook from `folder`; give its address and end the server afterwards."""
    shutil.copy(notebook, folder / notebook.name)
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    with jupyterlab_server(folder, "--LabApp.expose_app_in_browser=True") as server:
        yield f"{server.address}/lab/tree/{notebook.name}?token={server.token}"


class Watch:
    """What goes wrong on a page: errors in its console, and requests to other machines."""

    def __init__(self, page, address):
        self.errors, self.outside = [], []
        self._home = address.split("/lab/")[0]
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._let_pass)

    def _note_message(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url')})")

    def _let_pass(self, route):
        if route.request.url.startswith((self._home, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


def run_all_cells(page, address: str, seconds: int = 120) -> None:
    """Open the notebook, run every cell and wait until all have been run."""
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The indicator says idle even before there is a kernel; the session knows better.
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached")
    page.evaluate("jupyterapp.shell.collapseLeft()")  # room for the notebook on a narrow page
    run = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)"
    page.wait_for_function(run, timeout=1000 * seconds)
