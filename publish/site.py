"""Build the web site from the notebooks and their saved outputs; nothing is executed.

python -m publish.site    writes build/site/
"""

import base64
import json
import posixpath
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sphinx.cmd.build import build_main

from helpers import mnist
from helpers.files import ROOT
from helpers.language import _, using
from helpers.web import scripts
from publish import address, icons, translate
from publish.exercises import in_javascript
from publish.texts import NOTEBOOKS as TRANSLATED
from publish.texts import PAGES, Visit
from tools import pages, quiz, relink, write
from tools.execute import NOTEBOOKS, english_notebooks

SITE, FRONT = ROOT / "publish", "index.md"
QUIZ = "docs/quiz.md"
BESIDE = [f"docs/{name}.md" for name in ("without_code", "glossary", "teaching", "server")] + [QUIZ]
PICTURES = ["docs/journey.png", "docs/board.svg"]
# What is live on a page, by the end of its cell's tag, and the networks that it needs.
LIVE = {"front": ["trained", "strokes"], "pad": ["trained"], "network": ["untrained"]}
LIVE |= {"explorer": ["trained", "untrained"], "learn": ["strokes"]}
ALIVE = re.compile('<div data-live="([a-z]+)">')


def build(out: Path) -> None:
    """Write the site into `out`, other languages into folders in it, under the English names."""
    sites = {language: sources(language) for language in ["", *languages()]}
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder, "html")
        for language, paths in sites.items():
            place = Path(folder, "sources", language or "en")
            for path in paths:
                write(place / path, page(path, language, sites))
            (place / "docs").mkdir(exist_ok=True)
            for picture in PICTURES:
                own = ROOT / translate.place(picture, language)
                shutil.copyfile(own if own.exists() else ROOT / picture, place / picture)
        for language in sites:  # when all sources are there, for their pages lead to each other
            name = language or "en"
            options = ["-q", "-c", SITE, "-d", Path(folder, name), "-D", f"language={name}"]
            places = [Path(folder, "sources", name), html / language]
            if build_main([str(one) for one in [*options, *places]]):
                raise RuntimeError("Sphinx could not build the pages; see above.")
        for path in html.rglob("*.html"):
            write(path, icons.repaired(path.read_text(encoding="utf-8")))
        for name, text in live(sites).items():
            write(html / name, text)
        unused = shutil.ignore_patterns("*.map", "jupyter_execute", *icons.UNUSED)
        shutil.copytree(html, out, dirs_exist_ok=True, ignore=unused)


def languages() -> list[str]:
    """Return the languages besides English that there are notebooks in."""
    return [language for language in translate.languages() if (NOTEBOOKS / language).exists()]


def sources(language: str) -> list[str]:
    """Return the paths of the English sources of the pages that there are in a language."""
    if language:
        return [*TRANSLATED, *(page for page in PAGES if page in BESIDE), FRONT]
    notebooks = [path.relative_to(ROOT).as_posix() for path in english_notebooks()]
    return [*notebooks, *BESIDE, FRONT]


def page(path: str, language: str, sites: dict[str, list[str]]) -> str:
    """Return what Sphinx makes a page of, from the source at `path` or its translation."""
    place = translate.place(path, language)
    link = linker(path, language, sites)
    if path.endswith(".ipynb"):
        asked = guesses(nbformat.read(ROOT / path, 4))
        with using(language):
            notebook = prepared(nbformat.read(ROOT / place, 4), path, language, link, asked)
        return nbformat.writes(notebook)
    text = (SITE if path == FRONT else ROOT).joinpath(path).read_text(encoding="utf-8")
    text = quiz.page() if path == QUIZ else text
    if language:
        text = translate.make(translate.FRONT if path == FRONT else path, language)
    text = link(text).replace("{repository}", address.repository())
    kinds = ALIVE.findall(text)
    with using(language):
        text = re.sub(f"({ALIVE.pattern})(?=</div>)", lambda empty: empty[0] + off(), text)
    return text + loaded(kinds, path, language) if kinds else text


def off() -> str:
    """Return what stands in for what is live, where there is no picture of it."""
    return _("The network is written in JavaScript, which is switched off here.")


def guesses(notebook: NotebookNode) -> set[str]:
    """Return the ids of the cells of which an English notebook asks what they will give."""
    found, asks = set(), False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            last = cell.source.rpartition("\n\n")[2]
            asks = re.search(r"\bPredict\b|\?\**$", last) is not None
        elif asks:
            found.add(cell.id)
    return found


def prepared(
    notebook: NotebookNode, path: str, language: str, link: Visit, asked: set[str]
) -> NotebookNode:
    """Return a notebook with what the page at `path` hides, says of figures, links and loads."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = link(cell.source)
            continue
        tags, shown = cell.metadata.setdefault("tags", []), ""
        about = cell.metadata.setdefault("mystnb", {})
        if "colab" in tags:
            tags.append("remove-cell")
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                said = output.metadata.get("image/png", {})
                about["image"] = {"alt": said.get("alt") or pages.NO_DESCRIPTION}
                about["image"] |= {"width": f"{said.width}px"} if "width" in said else {}
                shown = pages.picture(output)
            shown = shown or escape(output.get("data", {}).get("text/plain", ""))
        if html := instead(cell, shown, path, language):
            cell.outputs = [new_output("display_data", {"text/html": html})]
        elif cell.id in asked and cell.outputs:
            tags.append("hide-output")
            about["code_prompt_show"] = about["code_prompt_hide"] = _("I've guessed: show it")
    text = _(
        "Each cell of this page has been run, so you can read on without running any. "
        "To run and change them: [Open in Colab]({url}).",
        url=colab(path, language),
    )
    first = notebook.cells[0]
    first.source = re.sub(r"\A# .+\n", lambda title: f"{title[0]}\n{text}\n", first.source)
    return notebook


def instead(cell: NotebookNode, shown: str, path: str, language: str) -> str:
    """Return the HTML that a page has in place of what a cell gives, or nothing."""
    tags, own = cell.metadata.tags, "../" * path.count("/")
    for kind in (tag[5:] for tag in tags if tag.startswith("live-")):
        return f'<div data-live="{kind}">{shown or off()}</div>\n{loaded([kind], path, language)}'
    if "take_home.write(" in cell.source:
        text = _("Open the file of the network that comes with the lesson")
        return f'<p><a class="button" href="{own}my_network.html">{text}</a></p>'
    if "exercise" not in tags:
        return ""
    tags.append("remove-input")
    name = re.search(r"checks\.(\w+)\(", cell.source)[1]
    answer, submit = _("Your answer"), _("Check")
    form = (
        f'<form data-check="{name}" hidden><label>{answer} <input autocomplete="off"></label> '
        f"<button>{submit}</button> <output></output></form>"
    )
    with_code = _('With code: <a href="{url}">Open in Colab</a>', url=colab(path, language))
    return (form if name in in_javascript(language) else "") + f"<p>{with_code}</p>"


def colab(path: str, language: str) -> str:
    """Return the address at which Colab opens the notebook of a page."""
    place = translate.place(path, language)
    return f"https://colab.research.google.com/github/{address.repository()}/blob/main/{place}"


def loaded(kinds: list[str], path: str, language: str = "") -> str:
    """Return the elements that load what is live on a page; all but texts is the English pages'."""
    own = "../" * path.count("/")
    root = f"../{own}" if language else own
    style = f'<link rel="stylesheet" href="{root}_static/live.css">'
    names = dict.fromkeys(name for kind in kinds for name in LIVE[kind])
    files = [*(f"{root}_static/{name}" for name in names), f"{own}_static/live"]
    return "\n".join([style, *(f'<script defer src="{file}.js"></script>' for file in files)])


def linker(path: str, language: str, sites: dict[str, list[str]]) -> Visit:
    """Return what leads a page's links to pages in its language, in English, or the repository.

    Where a part of the project is not there, its name stays, without a link.
    """
    repository, folder = address.repository(), posixpath.dirname(path)
    place = translate.place(path, language)

    def lead(target: str) -> str | None:
        page = target.replace(f"/{language}/", "/").replace(f".{language.replace('_', '-')}.", ".")
        if page in [*sites[language], *PICTURES]:
            return posixpath.relpath(page, folder or ".")
        if page in sites[""]:
            return posixpath.relpath(posixpath.splitext(page)[0], f"{language}/{folder}") + ".html"
        for file in (translate.place(target, language), target):
            if (ROOT / file).exists():
                return f"https://github.com/{repository}/blob/main/{file}"
        return "" if target.endswith((".ipynb", ".md")) else None  # code can look like a link

    def link(text: str) -> str:
        text = relink(text, posixpath.dirname(place), lead)
        return re.sub(r"(\]\([\w./-]+\.html(#[\w-]+)?\))", r"\1{.external}", text)

    return link


def live(sites: dict[str, list[str]]) -> dict[str, str]:
    """Return the texts of the files that live pages load, and of the page to take home, by path."""
    from helpers.drawing.strokes import recorded_strokes
    from helpers.model import SHIPPED_MODEL, build_model, keras, load_model
    from helpers.web import take_home, train
    from helpers.web.layers import describe

    keras.utils.set_random_seed(0)  # the networks of notebook 2 and of see_inside
    untrained = {"untrained": describe(build_model())}
    data = (known, _labels), (images, _labels) = mnist.load_data()
    for name, pixels in (("digit", known[0]), ("images", images[:20])):
        untrained[name] = base64.b64encode(pixels).decode()
    network = load_model(SHIPPED_MODEL)
    described = describe(network) | {"examples": take_home.examples(images)}
    loads = {"trained": {"trained": described}, "strokes": {"strokes": recorded_strokes()}}
    loads |= {"untrained": untrained, "digits": {"digits": train.digits(*data[0])}}
    loads |= {"rehearsal": {"rehearsal": train.rehearsal(*data)}}
    files = {
        "_static/live.css": scripts.styles("../see_inside/explorer.css", "teach.css", "train.css")
    }
    for name, data in loads.items():
        add = f"window.helloMnist = {{...window.helloMnist, ...{json.dumps(data)}}};\n"
        files[f"_static/{name}.js"] = add
    for language in sites:
        with using(language):
            script = scripts.bundle(SITE / "live.js")
            files[posixpath.join(language, "_static/live.js")] = f"(() => {{\n{script}}})();\n"
            checks = ", ".join(f"{name}: {one}" for name, one in in_javascript(language).items())
            script = f"const CHECKS = {{{checks}}};\n{scripts.bundle(SITE / 'page.js')}"
            files[posixpath.join(language, "_static/page.js")] = f"(() => {{\n{script}}})();\n"
            files[posixpath.join(language, take_home.PAGE)] = take_home.page(network)
    return files


if __name__ == "__main__":
    build(ROOT / "build" / "site")
    print(f"To read it, open {(ROOT / 'build' / 'site' / 'index.html').as_uri()}")
