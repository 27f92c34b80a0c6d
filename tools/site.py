"""Build the web site from the notebooks and their saved outputs; nothing is executed.

python -m tools.site    writes build/site/
"""

import base64
import copy
import json
import posixpath
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from sphinx.cmd.build import build_main

from helpers import mnist, web
from helpers.files import ROOT, replacing
from tools import address
from tools.execute import NOTEBOOKS, lesson

SITE, PICTURE = ROOT / "docs" / "site", "docs/journey.png"
# What is live on a page, by the end of its cell's tag, and the networks that it needs.
LIVE = {"front": ["trained"], "pad": ["trained"], "network": ["untrained"]}
LIVE["explorer"] = ["trained", "untrained"]


def build(out: Path, ran: dict | None = None, said: str = "") -> None:
    """Write the site into the folder `out`, beside what is there.

    `ran` holds executed notebooks by their file names, in place of the lesson's committed ones,
    and `said` tells on the front page how they ran: then the network that they trained answers on
    the pages, else the one that comes with the lesson.
    """
    paths = [*([] if ran else lesson()), *(NOTEBOOKS / "extras").glob("*.ipynb")]
    notebooks = {path.relative_to(ROOT).as_posix(): nbformat.read(path, 4) for path in paths}
    notebooks |= {f"notebooks/{name}": notebook for name, notebook in (ran or {}).items()}
    pages = {path: prepared(notebook, path) for path, notebook in notebooks.items()}
    pages["docs/teaching.md"] = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    front = (SITE / "index.md").read_text(encoding="utf-8").replace("<!-- ran -->", said)
    pages["index.md"] = front + loaded("front", "")
    with tempfile.TemporaryDirectory() as folder:
        source, html = Path(folder, "source"), Path(folder, "build", "html")
        for path, text in pages.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(linked(text, path, {*pages, PICTURE}), encoding="utf-8")
        shutil.copy(ROOT / PICTURE, source / PICTURE)
        if build_main(["-q", "-c", str(SITE), "-d", folder, str(source), str(html)]):
            raise RuntimeError("Sphinx could not build the pages; see above.")
        for name, text in live(own=bool(ran)).items():
            (html / name).write_text(text, encoding="utf-8")
        for path in filter(Path.is_file, html.rglob("*")):
            with replacing(out / path.relative_to(html)) as beside:
                shutil.copyfile(path, beside)


def prepared(notebook: nbformat.NotebookNode, path: str) -> str:
    """Return a notebook's text with what the page at `path` hides, says of figures and loads."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        tags, fallback = cell.metadata.get("tags", []), ""
        if "colab" in tags:
            cell.metadata["tags"] = ["remove-cell"]
        for output in cell.get("outputs", []):
            if about := output.get("metadata", {}).get("image/png"):
                alt, width = about["alt"], about["width"]
                cell.metadata["mystnb"] = {"image": {"alt": alt, "width": f"{width}px"}}
                png = f"data:image/png;base64,{output.data['image/png']}"
                fallback = f'<img alt="{escape(alt)}" width="{width}" src="{png}">'
        for tag in tags:
            if tag.startswith("live-"):
                fallback = fallback or escape(cell.outputs[0].data["text/plain"])
                html = f'<div data-live="{tag[5:]}">{fallback}</div>\n'
                html += loaded(tag[5:], "../" * path.count("/"))
                cell.outputs = [new_output("display_data", {"text/html": html})]
    return nbformat.writes(notebook)


def loaded(kind: str, root: str) -> str:
    """Return the elements that load what a page with something live on it needs."""
    scripts = [f'<script defer src="{root}_static/{name}.js"></script>' for name in LIVE[kind]]
    style = f'<link rel="stylesheet" href="{root}_static/live.css">'
    return "\n".join([style, *scripts, scripts[0].replace(LIVE[kind][0], "live")])


def linked(text: str, path: str, site: set[str]) -> str:
    """Lead links of the page at `path` to files that are not on the site to the repository."""
    repository = address.repository()

    def lead(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[1]))
        if target in site or not (ROOT / target).exists():
            return link[0]
        return f"](https://github.com/{repository}/blob/main/{target}{link[2]})"

    return re.sub(r"\]\(([\w./-]+)(#[\w-]+|)\)", lead, text).replace("{repository}", repository)


def live(own: bool) -> dict[str, str]:
    """Return the texts of the files that such pages load, by path; `own` is for your network."""
    from helpers import take_home
    from helpers.in_browser.layers import describe
    from helpers.model import SHIPPED_MODEL, build_model, keras, load_model, trained_model
    from helpers.pad.strokes import recorded_strokes

    keras.utils.set_random_seed(0)  # the networks of notebook 2 and of see_inside
    untrained = {"untrained": describe(build_model())}
    (known, _), (images, _) = mnist.load_data()
    for name, pixels in (("digit", known[0]), ("images", images[:20])):
        untrained[name] = base64.b64encode(pixels).decode()
    network = trained_model()[0] if own else load_model(SHIPPED_MODEL)
    trained = {"trained": describe(network), "strokes": recorded_strokes()}
    add = "window.helloMnist = {{...window.helloMnist, ...{}}};\n".format
    return {
        "_static/live.css": web.styles("see_inside/explorer.css"),
        "_static/live.js": f"(() => {{\n{web.bundle('../docs/site/live.js')}}})();\n",
        "_static/trained.js": add(json.dumps(trained)),
        "_static/untrained.js": add(json.dumps(untrained)),
        take_home.PAGE: take_home.page(network),
    }


if __name__ == "__main__":
    build(ROOT / "build" / "site")
    print(f"To read it, open {(ROOT / 'build' / 'site' / 'index.html').as_uri()}")
