"""Build the web site from the notebooks and their saved outputs; nothing is executed.

python -m publish.site    writes build/site/
"""

import ast
import base64
import json
import posixpath
import re
import shutil
import tempfile
from html import escape
from itertools import zip_longest
from pathlib import Path

import nbformat
from jinja2 import Template
from nbformat import NotebookNode
from sphinx.cmd.build import build_main

from helpers import mnist
from helpers.common.files import ROOT
from helpers.common.language import _, use_language
from helpers.widgets import scripts, step_address
from publish import links, texts, translate
from publish.site import exercises
from teach import quiz
from teach.lessons import no_guess_pattern
from tools import NOTEBOOKS, english_notebooks, is_for_teachers, pages, translated_path
from tools.commands import write_or_exit

SITE = ROOT / "publish/site"
FRONT = "index.md"
CELL = Template((SITE / "cell.jinja").read_text(encoding="utf-8"))
MISSING = Template((SITE / "missing.jinja").read_text(encoding="utf-8"))
# No page for teachers, because learners read and search the site. Of the quiz, it has the sheets.
DOC_NAMES = ["without_code", "glossary", "accessibility", "quiz", "laptops", "troubleshooting"]
DOC_PAGES = [f"docs/{name}.md" for name in DOC_NAMES]
PICTURES = ["docs/journey.png", *(f"docs/step_{n}.png" for n in range(1, 5))]
# Large files that Sphinx, MyST-NB and the theme write, and that no page loads.
NOT_PUBLISHED = ["*.map", "jupyter_execute", "fontawesome*"]
# The heading of the exercises, and the sentence below it, which says how to run their cells.
EXERCISE_INTRODUCTION = re.compile(r"(^## [^\n]+\n)(?:[^#\n][^\n]*\n)?\n*(?=### )", re.MULTILINE)
# Sentences about running cells. They are for readers of a notebook, and not for those of a page.
FOR_NOTEBOOK = re.compile(r"<!-- notebook -->.*?<!-- /notebook -->\n*", re.DOTALL)
# Pads that a page can't show: they collect drawings for a kernel, or have a network trained in one.
KERNEL_PADS = {"CollectingPad", "DrawingPad"}
TAKE_HOME_CALL = "take_home.write_page"
# A link to the repository on GitHub. Without a repository, it is left out.
REPOSITORY_LINK = re.compile(r" ?\[[^]]*\]\(\S*\{repository\}\S*\)")


def build_site(out: Path) -> None:
    """Write the site into the folder `out`, which is made anew.

    The pages of each other language are in a folder with the name of the language. They have the
    names of the English pages. RuntimeError if Sphinx can't build the pages, and SystemExit if a
    file can't be written.
    """
    sites = {language: page_paths(language) for language in ["", *languages()]}
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder, "html")
        for language, paths in sites.items():
            inputs = Path(folder, "sources", language or "en")
            for path in paths:
                write_or_exit(inputs / path, page_source(path, language, sites))
            for picture in PICTURES:
                translation = ROOT / translated_path(picture, language)
                source = translation if translation.exists() else ROOT / picture
                shutil.copyfile(source, inputs / picture)
        for language in sites:  # when all sources are there, for their pages lead to each other
            name = language or "en"
            options = ["-q", "-c", SITE, "-d", Path(folder, name), "-D", f"language={name}"]
            arguments = [*options, Path(folder, "sources", name), html / language]
            if build_main([str(argument) for argument in arguments]):
                raise RuntimeError("Sphinx could not build the pages; see above.")
        for name, text in loaded_files(sites).items():
            write_or_exit(html / name, text)
        write_or_exit(html / "404.html", missing_page(sites))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(html, out, ignore=shutil.ignore_patterns(*NOT_PUBLISHED))


def missing_page(sites: dict[str, list[str]]) -> str:
    """Return the page that GitHub shows for an address without one, in whatever folder.

    It loads nothing, and its links name the whole path of the site, which is the repository's name.
    """
    name = links.github_repository().partition("/")[2]
    # A repository of this name is a site of its own, and others are folders of such a site.
    base = f"/{name}/" if name and not name.endswith(".github.io") else "/"
    fronts = []
    for language in sites:
        with use_language(language or "en"):
            about = _("This page isn't there. It may have another name by now.")
            link = posixpath.join(base, language, "index.html")
            fronts.append((language.replace("_", "-") or "en", about, link, _("The front page")))
    return MISSING.render(title="404", fronts=fronts)


def languages() -> list[str]:
    """Return the languages besides English that there are notebooks in."""
    return [language for language in translate.languages() if (NOTEBOOKS / language).exists()]


def page_paths(language: str) -> list[str]:
    """Return the paths of the English sources of the pages that there are in a language."""
    if language:  # a new notebook may be in English alone so far
        notebooks = [
            name for name in texts.NOTEBOOKS if (ROOT / translated_path(name, language)).exists()
        ]
        pages = [page for page in texts.PAGES if page in DOC_PAGES]
        return [*notebooks, *pages, *own_pages(language), FRONT]
    notebooks = [path.relative_to(ROOT).as_posix() for path in english_notebooks()]
    return [*notebooks, *DOC_PAGES, FRONT]


def own_pages(language: str) -> list[str]:
    """Return the pages in docs/ that a language alone has, as if they had English sources.

    Pages for teachers are left out.
    """
    pattern = translated_path("docs/*.md", language)
    ending = pattern.removeprefix("docs/*")
    names = sorted(path.name.removesuffix(ending) for path in ROOT.glob(pattern))
    pages = [f"docs/{name}.md" for name in names if not (ROOT / f"docs/{name}.md").exists()]
    return [page for page in pages if not is_for_teachers(page)]


def page_source(path: str, language: str, sites: dict[str, list[str]]) -> str:
    """Return what Sphinx makes a page of, from the source at `path` or its translation."""
    link = make_linker(path, language, sites)
    if path.endswith(".ipynb"):
        if language:
            notebook = translate.notebook_for_reading(path, language)
        else:
            notebook = nbformat.read(ROOT / path, 4)
        with use_language(language):
            return nbformat.writes(page_notebook(notebook, path, language, link))
    is_own = bool(language) and path in own_pages(language)
    file = translated_path(path, language) if is_own else path
    text = (SITE if path == FRONT else ROOT).joinpath(file).read_text(encoding="utf-8")
    if path == "docs/quiz.md":
        with use_language(language):
            text = quiz.quiz_page()
    elif language and not is_own:
        source = translate.FRONT if path == FRONT else path
        text = translate.translate_source(source, language)
    if repository := links.github_repository():
        return link(text).replace("{repository}", repository)
    return link(REPOSITORY_LINK.sub("", text))


def page_notebook(notebook, path: str, language: str, link: texts.Visit) -> NotebookNode:
    """Return a notebook as the page at `path` shows it: links, figures, what is folded."""
    for cell, following in zip_longest(notebook.cells, notebook.cells[1:]):
        if cell.cell_type == "code":
            prepare_code_cell(cell, path, language)
            continue
        cell.source = link(FOR_NOTEBOOK.sub("", cell.source))
        if following and "exercise" in following.metadata.get("tags", []):
            about = _(
                "Write your answer into the box and press *Check*. An exercise without a box "
                "needs code, so it is done in the notebook."
            )
            cell.source = EXERCISE_INTRODUCTION.sub(rf"\1{about}\n\n", cell.source)
    text = how_to_run(path, language)
    first = notebook.cells[0]
    first.source = re.sub(r"\A# .+\n", lambda title: f"{title[0]}\n{text}\n", first.source)
    return notebook


def how_to_run(path: str, language: str) -> str:
    """Return the sentences below the title of a notebook's page."""
    text = _("Each cell of this page has been run, so you can read on without running any.")
    repository = links.github_repository()
    if repository:
        lab = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/"
        text += "\n" + _(
            "To run and change them: open it [in Colab]({colab}) or [in Binder]({binder}).",
            colab=colab_address(path, language),
            binder=lab + translated_path(path, language),
        )
    return text


def prepare_code_cell(cell: NotebookNode, path: str, language: str) -> None:
    """Let a code cell say what MyST-NB shows of it, and put HTML in place of a live output."""
    tags = cell.metadata.setdefault("tags", [])
    options = cell.metadata.setdefault("mystnb", {})
    if not {"colab", "notebook-only"}.isdisjoint(tags):
        tags.append("remove-cell")
    if "exercise" in tags:
        tags.append("remove-input")
    replacement = ""  # for a page without JavaScript
    for output in cell.outputs:
        if "image/png" in output.get("data", {}):
            options["image"] = picture_options(output)
            replacement = pages.picture_html(output)
        replacement = replacement or escape(output.get("data", {}).get("text/plain", ""))
        if "text" in output:
            output.text = leave_out_guess(output.text)
    html = cell_html(cell, replacement, path, language)
    if html:
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    prompt = _("I've guessed: show it")  # where an output is hidden
    options |= {"code_prompt_show": prompt, "code_prompt_hide": prompt}


def leave_out_guess(text: str) -> str:
    """Return a printed text without the sentence that nobody has guessed.

    A reader of a page guesses in mind or on paper, of which the saved output knows nothing.
    """
    return no_guess_pattern().sub(_("The result is {result}.", result=r"\1"), text)


def picture_options(output: NotebookNode) -> dict[str, str]:
    """Return the alternative text of an output's picture and, if it is given, its width."""
    metadata = output.metadata.get("image/png", {})
    options = {"alt": metadata.get("alt") or pages.NO_DESCRIPTION}
    if "width" in metadata:
        options["width"] = f"{metadata.width}px"
    return options


def cell_html(cell: NotebookNode, stand_in: str, path: str, language: str) -> str:
    """Return the HTML that a page has in place of what a cell gives, or nothing."""
    tags = cell.metadata.tags
    check = None
    called = calls_by_name(cell.source)
    if "exercise" in tags:
        [check] = [name.removeprefix("checks.") for name in called if name.startswith("checks.")]
    return CELL.render(
        _=_,
        live="".join(tag.removeprefix("live-") for tag in tags if tag.startswith("live-")),
        stand_in=stand_in,
        address=training_address(called.get("TrainingView")),
        is_taken_home=TAKE_HOME_CALL in called,
        is_pad=KERNEL_PADS & called.keys(),
        root="../" * path.count("/"),
        check=check,
        is_answered=check and check in exercises.checks_with_box(),
        colab=links.github_repository() and colab_address(path, language),
        notebook=translated_path(path, language),
    )


def calls_by_name(source: str) -> dict[str, ast.Call]:
    """Return the calls in a cell by what it calls, such as "take_home.write_page"."""
    if texts.MAGIC.search(source):  # which Python's parser refuses
        return {}
    nodes = ast.walk(ast.parse(source))
    return {ast.unparse(node.func): node for node in nodes if isinstance(node, ast.Call)}


def training_address(call: ast.Call | None) -> str:
    """Return the address that the training view of a call opens at, or nothing."""
    if call is None:
        return ""
    values = [ast.literal_eval(value) for value in call.args]
    names = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    return step_address.write_address(*values, **names)


def colab_address(path: str, language: str) -> str:
    """Return the address at which Colab opens the notebook of a page."""
    notebook = f"{links.github_repository()}/blob/main/{translated_path(path, language)}"
    return f"https://colab.research.google.com/github/{notebook}"


def make_linker(path: str, language: str, sites: dict[str, list[str]]) -> texts.Visit:
    """Return what leads a page's links to pages in its language, in English, or the repository."""
    repository = links.github_repository()
    folder = posixpath.dirname(path)
    folder_of_source = posixpath.dirname(translated_path(path, language))

    def lead(target: str) -> str | None:
        page = target.replace(f"/{language}/", "/").replace(f".{language.replace('_', '-')}.", ".")
        if page in [*sites[language], *PICTURES]:
            return posixpath.relpath(page, folder or ".")
        if page in sites[""]:
            return posixpath.relpath(posixpath.splitext(page)[0], f"{language}/{folder}") + ".html"
        if is_for_teachers(target):
            return ""
        for file in (translated_path(target, language), target):
            if (ROOT / file).exists():
                return f"https://github.com/{repository}/blob/main/{file}" if repository else ""
        return None  # code can look like a link

    def link(text: str) -> str:
        text = links.replace_link_targets(text, folder_of_source, lead)
        return re.sub(r"(\]\([\w./-]+\.html(#[\w-]+)?\))", r"\1{.external}", text)

    return link


def loaded_files(sites: dict[str, list[str]]) -> dict[str, str]:
    """Return the texts of the files that pages load, and of the page to take home, by path."""
    from helpers.saved.models import SHIPPED_MODEL, load_model  # for which TensorFlow starts
    from helpers.widgets import take_home

    network = load_model(SHIPPED_MODEL)
    data = page_data(network)
    # An optional lesson may have a live.js and styles of its own.
    lesson_scripts = sorted(ROOT.glob("helpers/extras/*/live.js"))
    lesson_styles = [
        sheet for path in lesson_scripts for sheet in sorted(path.parent.glob("*.css"))
    ]
    style = scripts.bundle_styles(
        "training/training.css", "path/path.css", "quiz/quiz.css", *lesson_styles
    )
    files = {}
    for language in sites:
        static = posixpath.join(language, "_static")
        files[f"{static}/live.css"] = style
        folder = "../../_static/" if language else "./"
        with use_language(language):  # a network that is trained in a page is taken home in `home`
            data[f"home{language}"] = take_home.fill_template({}, _("My network"))
            start = f'const FILES = "{folder}", HOME = "home{language}", live = {{}};'
            files[f"{static}/live.js"] = wrap_script(start, *lesson_scripts, SITE / "live.js")
            page_scripts = "quiz/quiz.js", SITE / "page.js"
            files[f"{static}/page.js"] = wrap_script(exercises.checks_script(), *page_scripts)
            files[posixpath.join(language, take_home.PAGE_NAME)] = take_home.page_text(network)
    for name, value in data.items():
        text = f"(window.helloMnist ??= {{}}).{name} = {json.dumps(value)};\n"
        files[f"_static/{name}.js"] = text
    return files


def page_data(network) -> dict[str, object]:
    """Return by name what live.js loads when a page needs it; `network` is the trained one."""
    from helpers.drawing.strokes import recorded_strokes
    from helpers.model import build_model, keras
    from helpers.widgets import take_home, train
    from helpers.widgets.described_network import describe

    known, (images, _labels) = mnist.load_data()
    keras.utils.set_random_seed(0)  # the untrained network of notebook 2 and of see_inside
    examples = take_home.encode_images(images[take_home.EXAMPLES])
    return {
        "trained": describe(network) | {"examples": examples},
        "untrained": describe(build_model()),
        "digit": base64.b64encode(known[0][0]).decode(),
        "images": base64.b64encode(images[:20]).decode(),
        "strokes": recorded_strokes(),
        "digits": train.pack_digits(*known),
        "rehearsal": train.pack_digits(*known, 300),
    }


def wrap_script(start: str, *modules: str | Path) -> str:
    """Return modules, after what `start` declares, as a script that leaves no global names."""
    return f"(() => {{\n{start}\n{scripts.bundle(*modules)}}})();\n"


if __name__ == "__main__":
    build_site(ROOT / "build" / "site")
    print(f"To read it, open {(ROOT / 'build' / 'site' / 'index.html').as_uri()}")
