"""The pad and the viewer in JupyterLab: what a page alone, without a kernel, can't show."""

import json
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from helpers.files import ROOT
from tests.browser import ONE, SEVEN, Pad, launch, picture_of_two, watch
from tests.jupyterlab import jupyterlab

WIDE = {"width": 1280, "height": 900}
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are on the page
}
DO = "command => { jupyterapp.commands.execute(command); }"
RUN = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)"
NOISE = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"
VIEWER = """\
from helpers import mnist
from helpers.web.viewer import NetworkViewer
NetworkViewer(model, mnist.load_data()[1][0][0])"""
TWO = picture_of_two()
PADS = ".pad:not(.viewer *)"
WIDTH = """pad => Math.max(
    ...[...pad.querySelectorAll("*")].map(node => node.getBoundingClientRect().right))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab with the pad's cells of notebook 4, and a viewer."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(ROOT / "notebooks" / "04_evaluate.ipynb", as_version=4)
    wanted = ("trained_model()", "DrawingPad(")  # nbval runs all the others, without a browser
    notebook.cells = [cell for cell in notebook.cells if any(w in cell.source for w in wanted)]
    notebook.cells.append(nbformat.v4.new_code_cell(VIEWER))
    nbformat.write(notebook, folder / "pad.ipynb")
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    with jupyterlab(folder, "--LabApp.expose_app_in_browser=True") as server:
        yield server
    assert server.process.returncode is not None


@pytest.fixture(scope="module")
def page(chromium, server):
    """The page on which all cells have run; at the end nothing was wrong on it."""
    page = chromium.new_page(viewport=WIDE)
    wrong = watch(page, server.address)
    page.goto(f"{server.address}/lab/tree/pad.ipynb?token={server.token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The indicator says idle even before there is a kernel; the session knows better.
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
    page.wait_for_selector(idle, state="attached")
    page.evaluate("jupyterapp.shell.collapseLeft()")  # room for the notebook on a narrow page
    page.wait_for_function(RUN, timeout=120_000)
    assert page.locator(NOISE).all_inner_texts() == []
    yield page
    page.close()
    assert wrong == []


@pytest.fixture
def pad(page):
    """The pad of the notebook, blank."""
    pad = Pad(page.locator(PADS).first)
    pad.press("Clear")
    pad.is_blank()
    return pad


def test_only_the_token_opens_the_server_and_no_proxy_learns_of_it(server, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        monkeypatch.setattr(urllib.request, "_opener", None)  # else it knows the proxies of before
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, address)
        assert b"version" in server.read("/api", timeout=5)
        with pytest.raises(TimeoutError):
            proxy.accept()
    monkeypatch.undo()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server.address}/api/kernels", timeout=60)
    if sys.platform == "linux":  # where everyone reads every command line
        command = Path(f"/proc/{server.process.pid}/cmdline").read_text()
        assert "jupyterlab" in command and server.token not in command


@pytest.mark.parametrize(("there", "tried"), [("msedge", 2), ("none", 3)])
def test_chrome_or_edge_is_started_where_no_browser_is_on_the_path(there, tried, monkeypatch):
    error, asked = pytest.importorskip("playwright.sync_api").Error, []

    def start(channel, args):
        asked.append(channel)
        if channel != there:
            raise error("not installed")
        return channel

    monkeypatch.setenv("PATH", "")
    browser = launch(SimpleNamespace(chromium=SimpleNamespace(launch=start)))
    assert browser == (there if tried == 2 else None) and len(asked) == tried


def test_the_kernel_answers_while_one_draws_and_to_a_file(pad):
    pad.draw(ONE, lift=False)
    pad.root.locator(".pad-best").wait_for()  # while one draws
    pad.page.wait_for_timeout(500)  # the pen rests, so all is sent and answered when it is lifted
    pad.page.mouse.up()
    pad.says("The network says 1")
    pad.press("Undo")
    pad.is_blank()
    pad.load(TWO)
    pad.says("The network says 2")
    pad.shows_ink()
    pad.draw(SEVEN)
    pad.says("The network says 7")
    pad.load(TWO | {"buffer": b"not a picture"})
    pad.says("Save it as PNG or JPEG")


def test_a_second_view_shows_the_same(pad):
    pad.load(TWO)
    pad.says("The network says 2")
    pad.page.evaluate(DO, "notebook:create-output-view")
    other = Pad(pad.page.locator(PADS).nth(1))
    other.says("The network says 2")
    other.shows_ink()
    pad.press("Clear")
    other.is_blank()
    pad.draw(SEVEN, lift=False)
    pad.root.locator(".pad-best").wait_for()  # while one draws
    other.press_with_another_finger("Clear")
    pad.finish(250, 250)
    pad.is_blank()
    pad.load(TWO)  # while the other view looks on
    other.shows_ink()
    other.press("Clear")  # and thereby go there
    pad.page.evaluate(DO, "application:close")


def test_the_viewer_of_a_network_answers_and_explains(pad):
    viewer = pad.page.locator(".viewer")
    Pad(viewer).says("The network says 7")
    maps = viewer.locator(".viewer-layer > .map > canvas").nth(1)
    assert maps.evaluate("canvas => canvas.width") == 16 * 27 - 1  # laid out for a wide page
    maps.click(position={"x": 300, "y": 20})
    explained = viewer.locator(".explain").nth(1)
    explained.filter(has_text="They add up to").wait_for()
    before = explained.inner_text()
    pad.page.keyboard.press("ArrowRight")  # another map, not another cell of the notebook
    assert explained.inner_text() != before
    pad.page.keyboard.press("Escape")
    assert explained.is_hidden()


def test_a_narrow_page_shows_all_with_contrast_in_both_themes(pad):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    pad.page.set_viewport_size({"width": 390, "height": 800})
    pad.draw(SEVEN)
    pad.says("The network says 7")
    assert pad.root.evaluate(WIDTH) <= 390 and pad.paper.bounding_box()["width"] > 200
    pad.page.set_viewport_size(WIDE)
    pad.root.scroll_into_view_if_needed()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        change = "theme => { jupyterapp.commands.execute('apputils:change-theme', {theme}); }"
        pad.page.evaluate(change, theme)
        pad.page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        found = axe.run(pad.page, PADS, {"runOnly": ["color-contrast"]}).response
        assert found["passes"] and found["violations"] == found["incomplete"] == []


def test_the_page_opened_again_shows_the_picture(pad):
    pad.load(TWO)
    pad.says("The network says 2")
    pad.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    pad.page.reload()
    pad.says("The network says 2")
    pad.shows_ink()
