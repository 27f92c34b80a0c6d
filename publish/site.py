"""Build the web site from the notebooks and their saved outputs; nothing is executed.

python -m publish.site    writes build/site/
"""

import base64
import copy
import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from sphinx.cmd.build import build_main

from helpers import mnist
from helpers.files import ROOT, replacing
from helpers.language import translations, using
from helpers.web import scripts
from publish import address, texts, translate
from tools import write
from tools.execute import NOTEBOOKS, four_notebooks

SITE, PICTURE = ROOT / "publish", "docs/journey.png"
# What is live on a page, by the end of its cell's tag, and the networks that it needs.
LIVE = {"front": ["trained"], "pad": ["trained"], "network": ["untrained"]}
LIVE["explorer"] = ["trained", "untrained"]


def build(out: Path, ran: dict | None = None, said: str = "") -> None:
    """Write the site into the folder `out`, beside what is there.

    `ran` holds executed notebooks by their file names, in place of the lesson's committed ones,
    and `said` tells on the front page how they ran: then the network that they trained answers on
    the pages, else the one that comes with the lesson. The lesson in another language stands in a
    folder of its own, under the names of the English pages.
    """
    paths = [*([] if ran else four_notebooks()), *(NOTEBOOKS / "extras").glob("*.ipynb")]
    notebooks = {path.relative_to(ROOT).as_posix(): nbformat.read(path, 4) for path in paths}
    notebooks |= {f"notebooks/{name}": notebook for name, notebook in (ran or {}).items()}
    pages = {path: prepared(notebook, path) for path, notebook in notebooks.items()}
    pages["docs/teaching.md"] = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    front = (SITE / "index.md").read_text(encoding="utf-8").replace("<!-- ran -->", said)
    pages["index.md"] = front + loaded("front", "index.md")
    sites = {"": pages} | {language: translated(language) for language in languages()}
    with tempfile.TemporaryDirectory() as folder:
        sources, html = Path(folder, "sources"), Path(folder, "build", "html")
        for language, pages in sites.items():
            for path, text in pages.items():
                text = linked(text, path, language, sites)
                write(sources / (language or "en") / path, text)
            with replacing(sources / (language or "en") / PICTURE) as beside:
                shutil.copyfile(ROOT / PICTURE, beside)
        for language in sites:  # when all sources are there, for their pages lead to each other
            name = language or "en"
            options = ["-q", "-c", SITE, "-d", Path(folder, name), "-D", f"language={name}"]
            if build_main([*map(str, options), str(sources / name), str(html / language)]):
                raise RuntimeError("Sphinx could not build the pages; see above.")
        for name, text in live(bool(ran), sites).items():
            write(html / name, text)
        for path in filter(Path.is_file, html.rglob("*")):
            if path.suffix != ".map" and "jupyter_execute" not in path.parts:  # no page loads them
                with replacing(out / path.relative_to(html)) as beside:
                    shutil.copyfile(path, beside)


def languages() -> list[str]:
    """Return the languages besides English that there are notebooks in."""
    return [language for language in translations() if (NOTEBOOKS / language).exists()]


def translated(language: str) -> dict[str, str]:
    """Return the texts of the pages in another language, by the paths of their English ones."""
    paths = [path.relative_to(ROOT).as_posix() for path in four_notebooks()]
    notebooks = {path: nbformat.read(ROOT / translate.place(path, language), 4) for path in paths}
    pages = {path: prepared(notebook, path, language) for path, notebook in notebooks.items()}
    front = translate.make("publish/index.md", language).partition("<!-- only in English -->")[0]
    return pages | {"index.md": front + loaded("front", "index.md", language)}


def prepared(notebook: nbformat.NotebookNode, path: str, language: str = "") -> str:
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
                html += loaded(tag[5:], path, language)
                cell.outputs = [new_output("display_data", {"text/html": html})]
    return nbformat.writes(notebook)


def loaded(kind: str, path: str, language: str = "") -> str:
    """Return the elements that load what a page with something live on it needs.

    What speaks is in the page's language, all else with the English pages.
    """
    own = "../" * path.count("/")
    root = f"../{own}" if language else own
    style = f'<link rel="stylesheet" href="{root}_static/live.css">'
    files = [*(f"{root}_static/{name}" for name in LIVE[kind]), f"{own}_static/live"]
    return "\n".join([style, *(f'<script defer src="{file}.js"></script>' for file in files)])


def linked(text: str, path: str, language: str, sites: dict[str, dict[str, str]]) -> str:
    """Lead links of a page to those in its language, else to English ones, else to the repository.

    They come as they are in the repository, where other languages have folders within folders.
    """
    repository, folder = address.repository(), posixpath.dirname(path)
    place = translate.place(path, language) if language else path

    def lead(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(place), link[1]))
        page = target.replace(f"/{language}/", "/")
        if page in {*sites[language], PICTURE}:
            return f"]({posixpath.relpath(page, folder)}{link[2]})"
        if page in sites[""]:
            page = posixpath.relpath(posixpath.splitext(page)[0], f"{language}/{folder}")
            return f"]({page}.html{link[2]}){{.external}}"
        for file in (translate.place(target, language), target):
            if (ROOT / file).exists():
                return f"](https://github.com/{repository}/blob/main/{file}{link[2]})"
        return link[0]

    return texts.LINK.sub(lead, text).replace("{repository}", repository)


def live(own: bool, sites: Iterable[str]) -> dict[str, str]:
    """Return the texts of the files that such pages load, by path; `own` is for your network."""
    from helpers.drawing.strokes import recorded_strokes
    from helpers.model import SHIPPED_MODEL, build_model, keras, load_model, trained_model
    from helpers.web import take_home
    from helpers.web.layers import describe

    keras.utils.set_random_seed(0)  # the networks of notebook 2 and of see_inside
    untrained = {"untrained": describe(build_model())}
    (known, _), (images, _) = mnist.load_data()
    for name, pixels in (("digit", known[0]), ("images", images[:20])):
        untrained[name] = base64.b64encode(pixels).decode()
    network = trained_model()[0] if own else load_model(SHIPPED_MODEL)
    trained = {"trained": describe(network), "strokes": recorded_strokes()}
    add = "window.helloMnist = {{...window.helloMnist, ...{}}};\n".format
    files = {
        "_static/live.css": scripts.styles("explorer.css"),
        "_static/trained.js": add(json.dumps(trained)),
        "_static/untrained.js": add(json.dumps(untrained)),
    }
    for language in sites:
        folder = f"{language}/" if language else ""
        with using(language):
            script = scripts.bundle(SITE / "live.js")
            files[f"{folder}_static/live.js"] = f"(() => {{\n{script}}})();\n"
            files[folder + take_home.PAGE] = take_home.page(network)
    return files


if __name__ == "__main__":
    build(ROOT / "build" / "site")
    print(f"To read it, open {(ROOT / 'build' / 'site' / 'index.html').as_uri()}")
