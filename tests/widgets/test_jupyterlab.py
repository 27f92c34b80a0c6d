"""The pad and the viewer in JupyterLab: what a page alone, without a kernel, can't show."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import nbformat
import pytest
from jupyter_server.serverapp import list_running_servers
from playwright.sync_api import expect

from helpers.common.files import ROOT
from tests.browser import ONE, SEVEN, TWO, Pad, axe_violations, watch_requests
from tools import lab, python_path

# Folders that the environment names, so that the server finds nothing of yours.
FOLDERS = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
FOLDERS += ["HELLO_MNIST_ARTIFACTS"]

SETTINGS = "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
DO = "([command, options]) => { jupyterapp.commands.execute(command, options); }"
RUN = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)"
NOISE = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"
OTHERS = """\
from helpers import mnist
from helpers.widgets import reader, train, viewer
seven = mnist.load_data()[1][0][0]
display(reader.DigitReader(), viewer.NetworkViewer(model, seven), train.TrainingView())"""
NEEDED = """\
from helpers import mnist
from helpers.model import build_model
from helpers.saved.models import trained_model
(train_images, _), (images, _) = mnist.load_data()
model = trained = trained_model()[0]"""
FIRST = ROOT / "notebooks" / "01_load.ipynb"
MODEL = "jupyterapp.shell.currentWidget.context.model"
SESSION = "jupyterapp.shell.currentWidget.sessionContext.session"
SAVE = "jupyterapp.commands.execute('docmanager:save')"
PADS = ".pad:not(.viewer *)"


@contextmanager
def serve(folder):
    """Start JupyterLab in a folder as `tools.lab` does; give its process and its address."""
    (folder / SETTINGS).parent.mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS).write_text('{"windowingMode": "none"}')  # all cells are on the page
    environment = os.environ | {name: str(folder / name.lower()) for name in FOLDERS}
    environment |= {
        "PYTHONPATH": python_path(),
        "PATH": os.path.dirname(sys.executable),
    }  # no Node.js
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
    command += [f"--ServerApp.root_dir={folder}", *lab.OPTIONS]
    command += [f"--LabApp.user_settings_dir={folder / 'settings'}"]
    terminal = os.openpty()[1] if os.name == "posix" else None  # where it might ask
    process = subprocess.Popen(command, env=environment, stdin=terminal)
    try:
        while not (servers := [*list_running_servers(folder / "jupyter_runtime_dir")]):
            assert process.poll() is None
            time.sleep(0.1)
        yield process, servers[0]
    finally:
        process.terminate()  # it ends its kernels
        process.wait(timeout=20)


def open_notebook(page, server, name):
    """Open a notebook in JupyterLab, and wait until its kernel is idle."""
    page.goto("{url}lab/tree/{name}?token={token}".format(name=name, **server))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The indicator says idle even before there is a kernel; the session knows better.
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
    page.wait_for_selector(idle, state="attached")
    page.evaluate("jupyterapp.shell.collapseLeft()")


def run_all(page):
    page.wait_for_function(RUN, timeout=120_000)
    assert page.locator(NOISE).all_inner_texts() == []


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    """A page on which the pad's cells of notebook 4 have run, then a reader, a viewer, training.

    In `page.folder`, which JupyterLab, the process `page.server`, serves to the caller alone,
    lies a committed notebook too.
    """
    folder = tmp_path_factory.mktemp("lab")
    lab.write_copy(FIRST, folder / FIRST.name)
    notebook = nbformat.read(ROOT / "notebooks" / "04_evaluate.ipynb", as_version=4)
    wanted = ("trained_model()", "DrawingPad(")  # nbval runs all the others, without a browser
    notebook.cells = [cell for cell in notebook.cells if any(w in cell.source for w in wanted)]
    notebook.cells.append(nbformat.v4.new_code_cell(OTHERS))
    nbformat.write(notebook, folder / "pad.ipynb")
    with serve(folder) as (process, server):
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.folder, page.server = folder, process
        wrong = watch_requests(page, server["url"])
        open_notebook(page, server, "pad.ipynb")
        run_all(page)
        assert page.locator(".Toastify__toast").count() == 0  # nor does it ask for its news
        yield page
        page.close()
        assert wrong == []


@pytest.mark.slow
def test_the_second_day_the_text_of_a_saved_widget_is_shown(chromium, tmp_path):
    live, texts = [], []
    for name in ("01_load", "02_architecture", "03_train", "04_evaluate", "extras/see_inside"):
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if any(tag.startswith("live-") for tag in cell.metadata.get("tags", [])):
                live.append(nbformat.v4.new_code_cell(cell.source))
                texts.append(cell.outputs[0].data["text/plain"])
    notebook.cells = [nbformat.v4.new_code_cell(NEEDED), *live]
    nbformat.write(notebook, tmp_path / "day.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    outputs = page.locator(".jp-OutputArea-output")
    with serve(tmp_path) as (_process, server):
        open_notebook(page, server, "day.ipynb")
        run_all(page)
        pad = Pad(page.locator(PADS).last)
        pad.draw(SEVEN)
        pad.says("The network says 7")
        page.evaluate(SAVE)
        page.goto("about:blank")
    with serve(tmp_path) as (_process, server):
        open_notebook(page, server, "day.ipynb")
        page.wait_for_timeout(2000)  # a view that finds no kernel would say so by now
        assert outputs.all_inner_texts() == texts
        run_all(page)
        pad = Pad(page.locator(PADS).last)
        pad.is_blank()  # and is a pad again
        page.evaluate(SAVE)
        page.reload()  # while the kernel runs, which has the pad
        pad.is_blank()
    page.close()


@pytest.mark.slow
def test_after_a_restart_of_the_kernel_the_text_of_its_widgets_is_shown(chromium, tmp_path):
    source = "from helpers.widgets.reader import DigitReader\nDigitReader()"
    notebook = nbformat.read(FIRST, as_version=4)  # which names its kernel
    notebook.cells = [nbformat.v4.new_code_cell(source) for _ in range(2)]
    nbformat.write(notebook, tmp_path / "pads.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    outputs, idle = page.locator(".jp-OutputArea-output"), f"{SESSION}.kernel?.status === 'idle'"
    with serve(tmp_path) as (_process, server):
        open_notebook(page, server, "pads.ipynb")
        run_all(page)
        expect(page.locator(PADS)).to_have_count(2)
        page.evaluate(SAVE)
        page.evaluate(f"{SESSION}.kernel.restart()")
        page.wait_for_function(idle)
        open_notebook(page, server, "pads.ipynb")
        expect(page.locator(PADS)).to_have_count(0)
        page.wait_for_timeout(2000)  # a view that finds no widget would say so by now
        text = "run this cell to draw a digit"
        expect(outputs).to_contain_text([text, text])

        # One of the pads is made anew. The other one is still the text that the file has.
        page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
        page.evaluate(DO, ["notebook:run-cell", {}])
        expect(page.locator(PADS)).to_have_count(1)
        page.evaluate(SAVE)
        sleep = "{code: 'import time; time.sleep(60)'}"
        page.evaluate(f"void {SESSION}.kernel.requestExecute({sleep})")
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_timeout(2000)
        expect(outputs.last).to_contain_text(text)
        page.evaluate(f"{SESSION}.kernel.interrupt()")
        expect(page.locator(PADS)).to_have_count(1)
        expect(outputs.last).to_contain_text(text)
    page.close()


def test_a_notebook_is_not_changed_by_being_opened_and_saved(page):
    path = page.folder / FIRST.name
    page.evaluate(DO, ["docmanager:open", {"path": path.name}])
    kernel = "widget.sessionContext.session?.kernel?.info.then(() => true)"
    opened = f"widget.title.label === '{path.name}' && {kernel}"
    page.wait_for_function(f"(widget => {opened})(jupyterapp.shell.currentWidget)")
    page.wait_for_timeout(500)  # for what it does with them
    assert not page.evaluate(f"{MODEL}.dirty")
    assert page.evaluate(f"{MODEL}.getMetadata('language_info').version")  # the kernel's
    before, saved = path.read_bytes(), path.stat().st_mtime_ns
    page.evaluate(SAVE)
    assert path.stat().st_mtime_ns > saved and path.read_bytes() == before
    page.evaluate(DO, ["application:close", {}])


def test_the_reader_the_viewer_and_the_training_answer_by_themselves(page):
    reader, viewer = Pad(page.locator(PADS).nth(1)), page.locator(".viewer:not(:has(.train))")
    reader.draw(SEVEN)
    reader.says("The network says 7")
    page.evaluate(DO, ["apputils:change-theme", {"theme": "JupyterLab Dark"}])
    page.wait_for_selector("body[data-jp-theme-name='JupyterLab Dark']", state="attached")
    assert axe_violations(page, PADS) == []
    reader.press("Clear")
    page.get_by_role("button", name="Step", exact=True).click()
    page.locator(".train-status").filter(has_text="Steps: 1, images: 64").wait_for()
    Pad(viewer).says("The network says 7")
    maps = viewer.locator(".viewer-layer > .map > canvas").nth(1)
    maps.click(position={"x": 300, "y": 20})
    viewer.locator(".explain").nth(1).filter(has_text="They add up to").wait_for()
    page.keyboard.press("Escape")


def test_ctrl_s_saves_and_no_other_key_is_jupyterlabs(page):
    def saves():
        page.wait_for_timeout(1000)  # JupyterLab saves once at a time, and tells nobody when it has
        page.evaluate(f"{MODEL}.dirty = true")
        page.keyboard.press("ControlOrMeta+s")
        page.wait_for_function(f"!{MODEL}.dirty", timeout=10_000)

    cells, before = page.locator(".jp-Cell"), page.locator(".jp-Cell").count()
    for root, name in ((PADS, "Clear the pad"), (".viewer", "Undo"), (".train", "Step")):
        button = page.locator(root).first.get_by_role("button", name=name, exact=name == "Step")
        button.click()
        page.keyboard.press("b")  # would add a cell
        saves()
    page.locator(".pad-paper").first.press("ArrowRight")
    saves()
    assert page.locator(".pad-cursor").first.is_visible() and cells.count() == before


def test_ctrl_z_takes_back_a_stroke_of_the_mouse_on_its_own_pad_and_no_edit_of_a_cell(page):
    first, last = Pad(page.locator(PADS).first), Pad(page.locator(PADS).last)
    for pad in (first, last):
        pad.press("Clear")
        pad.draw(SEVEN)
    cell = "jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel"  # of the last pad
    source = page.evaluate(f"{cell}.source")
    page.evaluate(f"{cell}.updateSource(0, 0, '# mine ')")
    seven, of_the_other = last.ink(), first.ink()
    page.evaluate("document.activeElement.blur()")  # the button Clear had the focus
    last.draw(ONE)
    assert last.ink() > seven
    page.keyboard.press("Control+z")
    assert last.ink() == seven and first.ink() == of_the_other
    assert page.evaluate(f"{cell}.source") == f"# mine {source}"
    page.evaluate(f"{cell}.updateSource(0, '# mine '.length, '')")
    first.press("Clear")
    last.press("Clear")


def test_the_pad_answers_while_the_kernel_is_busy(page):
    pad, kernel = Pad(page.locator(PADS).first), f"{SESSION}.kernel"
    sleep = "{code: 'import time; time.sleep(60)'}"
    page.evaluate(f"void {kernel}.requestExecute({sleep})")
    page.wait_for_function(f"{kernel}.status === 'busy'")
    pad.draw(ONE)
    pad.says("The network says 1")
    assert page.evaluate(f"{kernel}.status") == "busy"
    page.evaluate(f"{kernel}.interrupt()")
    page.wait_for_function(f"{kernel}.status === 'idle'", timeout=60_000)


def test_two_views_and_a_page_opened_again_show_the_same_pad(page):
    pad = Pad(page.locator(PADS).first)
    page.evaluate(DO, ["notebook:create-output-view", {}])
    other = Pad(page.locator(PADS).nth(2))  # after the reader
    pad.load(TWO)
    pad.says("The network says 2")
    other.says("The network says 2")
    other.shows_ink()
    pad.draw(SEVEN, lift=False)
    other.root.locator(".pad-best").wait_for()
    other.press_with_another_finger("Clear")
    pad.finish(250, 250)
    pad.is_blank()
    other.press("Clear")  # and thereby go there
    page.evaluate(DO, ["application:close", {}])

    pad.load(TWO)
    pad.says("The network says 2")
    page.evaluate(SAVE)
    page.reload()
    pad.says("The network says 2")
    pad.shows_ink()


@pytest.mark.skipif(os.name != "posix", reason="JupyterLab asks nothing on Windows")
def test_one_ctrl_c_in_the_terminal_stops_it(page):
    page.close()
    page.server.send_signal(signal.SIGINT)
    assert page.server.wait(timeout=60) == 0
