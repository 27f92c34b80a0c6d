"""The front page with its training view, and the file to take home, in two other engines.

    xvfb-run python -m pytest tests/publish/test_engines.py

skips a browser that isn't installed, but not with ENGINES=1.
"""

import base64
import io
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress

import pytest
from PIL import Image

from publish.site.__main__ import build_site
from tests.browser import ONE, SEVEN, TWO

BOX = """(() => {{ const nodes = [...document.querySelectorAll({!r})];
    const node = nodes.find((node) => node.checkVisibility());
    node.scrollIntoView({{block: "center"}});
    return node.getBoundingClientRect().toJSON(); }})()"""
WATCH = "(window.wrong = [], addEventListener('error', (e) => wrong.push(e.message)), 0)"
LOAD = """(() => {{ const input = document.querySelector(".pad-file");
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from({})], "picture.png", {{type: "image/png"}}));
    input.files = data.files;
    return input.dispatchEvent(new Event("change")); }})()"""


class Driven:
    """A browser whose driver listens at an address, and speaks HTTP (WebDriver)."""

    act = "/actions"

    def __init__(self, address):
        self.url = f"http://{address}"
        self.url += f"/{patiently(lambda: self.ask('', capabilities={}))['sessionId']}"

    def ask(self, command, **body):
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + command, data, kind)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def show(self, url, **size):
        self.ask("/window/rect", **size)
        return url and self.ask("/url", url=url)

    def screenshot(self):
        with urllib.request.urlopen(self.url + "/screenshot", timeout=60) as answer:
            return json.load(answer)["value"]

    def evaluate(self, script):
        return self.ask("/execute/sync", script=f"return {script}", args=[])


class Firefox(Driven):
    """Firefox listens itself (WebDriver BiDi)."""

    act, at = "input.performActions", {}

    def __init__(self, address):
        connect = pytest.importorskip("websocket").create_connection
        options = {"timeout": 60, "suppress_origin": True}
        self.socket = patiently(lambda: connect(f"ws://{address}", **options))
        self.ask("session.new", capabilities={})
        self.at = {"context": self.ask("browsingContext.getTree")["contexts"][0]["context"]}

    def ask(self, method, **params):
        self.socket.send(json.dumps({"id": 1, "method": method, "params": self.at | params}))
        return json.loads(self.socket.recv())["result"]

    def show(self, url, **size):
        self.ask("browsingContext.setViewport", viewport=size)
        return url and self.ask("browsingContext.navigate", url=url, wait="complete")

    def screenshot(self):
        return self.ask("browsingContext.captureScreenshot")["data"]

    def evaluate(self, script):
        text, to = f"JSON.stringify({script})", {"target": self.at, "awaitPromise": False}
        answer = self.ask("script.evaluate", expression=text, **to)
        return json.loads(answer["result"]["value"])


def patiently(ask, *arguments):
    """Return what `ask` returns, once that is true and it raises nothing; wait a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError):
            if answer := ask(*arguments):
                return answer
        time.sleep(0.2)
    raise AssertionError(arguments)


@pytest.fixture(params=["firefox", "WebKitWebDriver"])
def browser(request, tmp_path):
    if not (shutil.which(name := request.param) and os.environ.get("DISPLAY")):
        (pytest.fail if "ENGINES" in os.environ else pytest.skip)(f"no {name} or no screen")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    options = [f"--port={port}"]
    if name == "firefox":
        options = ["--profile", tmp_path, f"--remote-debugging-port={port}"]
    request.addfinalizer(subprocess.Popen([name, *options]).terminate)
    return (Firefox if name == "firefox" else Driven)(f"127.0.0.1:{port}/session")


def press(browser, selector, strokes=(((140, 140),),)):
    """Draw strokes on an element, as on one of 280 pixels each way; or click its middle."""
    box, steps = browser.evaluate(BOX.format(selector)), []
    for stroke in strokes:
        for n, (x, y) in enumerate(stroke):
            x, y = box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280
            steps.append({"type": "pointerMove", "x": round(x), "y": round(y), "duration": 50})
            steps += [{"type": "pointerDown", "button": 0}] * (n == 0)
        steps.append({"type": "pointerUp", "button": 0})
    browser.ask(browser.act, actions=[{"type": "pointer", "id": "mouse", "actions": steps}])


def count_ink(browser, selector):
    """Count the dark pixels that somebody sees in an element."""
    box = browser.evaluate(BOX.format(selector))
    time.sleep(0.5)  # until it is painted there
    picture = Image.open(io.BytesIO(base64.b64decode(browser.screenshot()))).convert("L")
    inside = picture.crop([round(box[side]) for side in ("left", "top", "right", "bottom")])
    return sum(inside.histogram()[:100])


def says(browser, selector, text):
    nodes = f"[...document.querySelectorAll({selector!r})]"
    patiently(browser.evaluate, f"{nodes}.some((node) => node.textContent.includes({text!r}))")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build_site(folder)
    return folder


@pytest.mark.slow
def test_it_reads_explains_turns_and_trains(browser, request):
    site = request.getfixturevalue("site")  # which nobody builds where no browser is
    for page in ("index.html", "my_network.html"):
        browser.show((site / page).as_uri(), width=390, height=844)
        browser.evaluate(WATCH)
        says(browser, ".pad-answer", "says 5")
        press(browser, ".pad-paper", SEVEN)
        says(browser, ".pad-answer", "says 7")
        press(browser, ".viewer-layer .map-all canvas")
        says(browser, ".explain-title", "Conv2D 1, map")
        ink = count_ink(browser, ".pad-paper")
        browser.show(None, width=1280, height=800)  # with the number open
        assert count_ink(browser, ".pad-paper") > ink / 2 > 100, "pixels of the drawing"
        browser.show(None, width=500, height=844)
        assert count_ink(browser, ".pad-paper") > ink / 2, "pixels of the drawing"
        browser.show(None, width=1280, height=800)
        browser.evaluate(LOAD.format([*TWO["buffer"]]))
        says(browser, ".pad-answer", "says 2")
        press(browser, ".pad-paper", ONE)
        says(browser, ".pad-answer", "says 1")
        press(browser, "[data-name='train']")
        says(browser, ".train-status", "Steps: ")
        assert browser.evaluate("wrong") == []
