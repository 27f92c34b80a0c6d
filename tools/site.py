"""Build the web site from the notebooks and their saved outputs; nothing is executed.

python -m tools.site    writes build/site/
"""

import copy
import posixpath
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from sphinx.cmd.build import build_main

from helpers.files import DATA, ROOT, replacing
from tools import address
from tools.execute import NOTEBOOKS, lesson

SITE, PICTURE = ROOT / "docs" / "site", "docs/journey.png"
SCRIPT = '<script defer src="{{0}}_static/{}.js"></script>\n'
LIVE = '<link rel="stylesheet" href="{0}_static/live.css">\n'
LIVE += "".join(map(SCRIPT.format, ("trained", "untrained", "live")))


def build(
    out: Path, ran: dict | None = None, said: str = "", model: Path = DATA / "mnist_cnn.keras"
) -> None:
    """Write the site into the folder `out`, beside what is there.

    `ran` holds executed notebooks by their file names, in place of the lesson's committed ones,
    and `said` tells on the front page how they ran. On the pages answers the network in `model`.
    """
    paths = [*([] if ran else lesson()), *(NOTEBOOKS / "extras").glob("*.ipynb")]
    notebooks = {path.relative_to(ROOT).as_posix(): nbformat.read(path, 4) for path in paths}
    notebooks |= {f"notebooks/{name}": notebook for name, notebook in (ran or {}).items()}
    pages = {path: prepared(notebook, path) for path, notebook in notebooks.items()}
    pages["docs/teaching.md"] = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    front = (SITE / "index.md").read_text(encoding="utf-8").replace("<!-- ran -->", said)
    pages["index.md"] = front + LIVE.format("")
    with tempfile.TemporaryDirectory() as folder:
        source, html = Path(folder, "source"), Path(folder, "build", "html")
        for path, text in pages.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(linked(text, path, {*pages, PICTURE}), encoding="utf-8")
        shutil.copy(ROOT / PICTURE, source / PICTURE)
        if build_main(["-q", "-c", str(SITE), "-d", folder, str(source), str(html)]):
            raise RuntimeError("Sphinx could not build the pages; see above.")
        live(html / "_static", model)
        for path in filter(Path.is_file, html.rglob("*")):
            with replacing(out / path.relative_to(html)) as beside:
                shutil.copyfile(path, beside)


def prepared(notebook: nbformat.NotebookNode, path: str) -> str:
    """Return a notebook's text with what the page at `path` hides, says of figures and loads."""
    notebook, head = copy.deepcopy(notebook), LIVE.format("../" * path.count("/"))
    for cell in notebook.cells:
        tags, image = cell.metadata.get("tags", []), ""
        if "colab" in tags:
            cell.metadata["tags"] = ["remove-cell"]
        for output in cell.get("outputs", []):
            if about := output.get("metadata", {}).get("image/png"):
                alt, width = about["alt"], about["width"]
                cell.metadata["mystnb"] = {"image": {"alt": alt, "width": f"{width}px"}}
                png = f"data:image/png;base64,{output.data['image/png']}"
                image = f'<img alt="{escape(alt)}" width="{width}" src="{png}">'
        for tag in tags:
            if tag.startswith("live-"):
                html = f'{head}<div data-live="{tag[5:]}">{image}</div>'
                cell.outputs, head = [new_output("display_data", {"text/html": html})], ""
    return nbformat.writes(notebook)


def linked(text: str, path: str, site: set[str]) -> str:
    """Lead links of the page at `path` to files that are not on the site to the repository."""
    repository = address.repository()

    def lead(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[1]))
        if target in site or not (ROOT / target).exists():
            return link[0]
        return f"](https://github.com/{repository}/blob/main/{target}{link[2]})"

    return re.sub(r"\]\(([\w./-]+)(#[\w-]+|)\)", lead, text).replace("{repository}", repository)


def live(static: Path, model: Path) -> None:
    """Write into the folder `static` what a page with something live on it loads."""
    for name in ("live.css", "trained.js", "untrained.js", "live.js"):
        (static / name).write_text("", encoding="utf-8")


if __name__ == "__main__":
    build(ROOT / "build" / "site")
    print(f"To read it, open {(ROOT / 'build' / 'site' / 'index.html').as_uri()}")
