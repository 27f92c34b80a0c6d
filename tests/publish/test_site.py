"""The site, as a fork builds it from the committed notebooks: its files, and in a real browser."""

import io
import json
import posixpath
import re
import threading
import time
from contextlib import redirect_stderr
from functools import partial
from gettext import NullTranslations
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin

import nbformat
import pytest
import sphinx_book_theme
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers import language as speech
from helpers.files import ROOT
from helpers.model import build_model
from helpers.training import save_run
from helpers.web import scripts
from helpers.web.layers import describe
from publish import address, site
from tests.browser import draw, watch

FORK = "a-school/digits_2.0"
GITHUB = f"https://github.com/{FORK}/blob/main/"
FOUR = ["01_load", "02_architecture", "03_train", "04_evaluate"]
EXTRAS = ["see_inside", "how_sure", "better", "faster", "scaling_out"]
ENGLISH = [f"notebooks/{name}" for name in FOUR + [f"extras/{name}" for name in EXTRAS]]
PAGES = [*ENGLISH, "docs/teaching"]
LANGUAGES = site.languages()
# From each page in another language to its English one, and from each lesson to its notebook.
TWINS = {f"{language}/{name}": name for language in LANGUAGES
         for name in ["index", "search", *ENGLISH[:4]]}  # fmt: skip
LESSONS = {name: name for name in ENGLISH} | {
    name: f"notebooks/{name.replace('notebooks/', '')}" for name in TWINS if "notebooks" in name
}
ALL = ["index", "search", *PAGES, *TWINS]
WORDS = {"": "convolution", "zh_CN": "卷积层"}
LIVE = {
    "index": ["live.css", "trained.js", "live.js"],
    "notebooks/02_architecture": ["live.css", "untrained.js", "live.js"],
    "notebooks/04_evaluate": ["live.css", "trained.js", "live.js"],
    "notebooks/extras/see_inside": ["live.css", "trained.js", "untrained.js", "live.js"],
}
WIDGETS = {"DrawingPad(": "pad", "NetworkViewer(": "network", "FeatureExplorer(": "explorer"}
OLD = int(sphinx_book_theme.__version__.split(".")[1]) < 2
NEW_THEME = pytest.mark.skipif(OLD, reason="Python 3.10 gets an older theme with faults of its own")
SEVEN = [[60, 60], [170, 60], [100, 220]]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the site, two levels deep in one that a server can show."""
    folder, said = tmp_path_factory.mktemp("served") / "a" / "b", io.StringIO()
    start = time.monotonic()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
        patch.setattr(address, "repository", lambda: FORK)
        site.build(folder)
    print(f"The site was built in {time.monotonic() - start:.1f} s.")
    assert said.getvalue() == ""  # of a warning, such as a link without a target
    return folder


@pytest.fixture(scope="module")
def pages(built):
    """From the name of each page to the page, parsed."""
    assert {f"{name}.html" for name in ALL} == {
        path.relative_to(built).as_posix()
        for path in built.rglob("*.html")
        if "_static" not in path.parts and path.name != "my_network.html"
    }
    texts = {name: (built / f"{name}.html").read_text(encoding="utf-8") for name in ALL}
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


@pytest.fixture(scope="module")
def cells():
    """From the name of each lesson's page to the cells of its notebook."""
    paths = {name: ROOT / f"{notebook}.ipynb" for name, notebook in LESSONS.items()}
    return {name: nbformat.read(path, as_version=4).cells for name, path in paths.items()}


def test_the_contents_list_every_page(pages):
    listed = pages["docs/teaching"].find("nav", class_="bd-links")
    captions = [caption.get_text(strip=True) for caption in listed.select(".caption")]
    assert captions == ["The lesson", "Optional lessons", "For teachers"]
    there = [urljoin("docs/teaching.html", link["href"]) for link in listed("a")]
    assert there == [f"{name}.html" for name in PAGES]
    notebooks = {path.relative_to(ROOT / "notebooks") for path in ROOT.glob("notebooks/**/*.ipynb")}
    assert len(notebooks) == len(LESSONS)
    for language in LANGUAGES:
        links = pages[f"{language}/search"].find("nav", class_="bd-links")("a")
        assert [link["href"] for link in links] == [f"{name}.html" for name in ENGLISH[:4]]


def test_each_page_leads_to_itself_in_the_other_languages(pages):
    names = {"": "English"} | {language: speech.name(language) for language in LANGUAGES}
    for page, parsed in pages.items():
        here = page.partition("/")[0] if page in TWINS else ""
        assert parsed.html["lang"] == (here.replace("_", "-") or "en")
        expected = []
        for language in names.keys() - {here}:
            twin = posixpath.join(language, TWINS.get(page, page))
            there = twin if twin in pages else posixpath.join(language, "index")
            code = language.replace("_", "-") or "en"
            expected.append((f"{there}.html", code, code, names[language]))
        links = parsed.select(".languages a")
        assert sorted(expected) == sorted(
            (urljoin(page, link["href"]), link["lang"], link["hreflang"], link.text)
            for link in links
        )


def test_every_link_has_a_target_and_every_file_is_there(built, pages):
    found, missing = 0, []
    for name, page in pages.items():
        for tag in page.select("[href], [src]"):
            link = tag.get("href") or tag.get("src")
            if link.startswith(("http", "data:")):
                continue
            path, _, anchor = urljoin(f"{name}.html", link).partition("#")
            path = path.partition("?")[0]
            there = (built / path).is_file()
            if anchor and there:
                there = pages[path.removesuffix(".html")].find(id=anchor)
            found += 1
            missing += [] if there else [(name, link)]
    assert found > 500 and missing == []


def test_links_to_other_files_lead_to_the_repository_of_the_fork(pages):
    links = {link["href"] for page in pages.values() for link in page("a", href=True)}
    there = {link[len(GITHUB) :] for link in links if link.startswith(GITHUB)}
    assert {"README.md", "docs/memory.json", "helpers/data/MNIST-LICENSE.md"} <= there
    assert [path for path in there if not (ROOT / path).is_file()] == []
    shown = {"docs/teaching.md", *(f"{notebook}.ipynb" for notebook in LESSONS.values())}
    assert not there & shown  # in whatever language
    assert not any("OWNER" in str(page) for page in pages.values())


def test_the_launch_buttons_of_a_lesson_open_its_notebook_in_the_fork(pages):
    for name, notebook in LESSONS.items():
        links = [link["href"] for link in pages[name].select(".dropdown-launch-buttons a")]
        binder = f"https://mybinder.org/v2/gh/{FORK}/main?urlpath=lab/tree/{notebook}.ipynb"
        assert links == [
            binder,
            f"https://colab.research.google.com/github/{FORK}/blob/main/{notebook}.ipynb",
        ]
    for language in ["", *LANGUAGES]:
        (colab,) = pages[posixpath.join(language, "index")].select(".begin a[href^=https]")
        notebook = LESSONS[posixpath.join(language, "notebooks/01_load")]
        assert colab["href"].endswith(f"/github/{FORK}/blob/main/{notebook}.ipynb")


def test_figures_have_their_text_and_the_cell_for_colab_is_hidden(pages, cells):
    for name in LESSONS:
        outputs = [output for cell in cells[name] for output in cell.get("outputs", [])]
        about = [out.metadata["image/png"] for out in outputs if "image/png" in out.get("data", {})]
        images = pages[name].select(".cell_output img")
        assert [image["alt"] for image in images] == [one["alt"] for one in about]
        sizes = [re.search(r"\d+", image.get("width") or image["style"])[0] for image in images]
        assert sizes == [str(one["width"]) for one in about]
        shown = [cell.get_text() for cell in pages[name].select(".cell_input")]
        code = [cell for cell in cells[name] if cell.cell_type == "code"]
        assert len(shown) == len(code) - 1 and not any("REPOSITORY" in text for text in shown)


def test_solutions_are_folded_and_their_code_is_coloured(pages, cells):
    for name in LESSONS:
        solutions = [cell for cell in cells[name] if "<details>" in cell.source]
        folded = pages[name]("details")
        assert len(folded) == len(solutions) == 3
        for one, cell in zip(folded, solutions, strict=True):
            assert not one.has_attr("open") and str(one.summary) in cell.source
            assert bool(one.select(".highlight .n")) == ("```python" in cell.source)


def test_the_front_page_says_what_the_readme_says(pages):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\w+)\]\S+ \| (.*?) \| (\d+) \|", readme, re.MULTILINE)
    cards = pages["index"].select(".steps li")
    for (name, what, minutes), card in zip(rows, cards, strict=True):
        assert card.a["href"] == f"notebooks/{name}.html"
        text = card.get_text(" ", strip=True).lower()
        assert text.endswith(f"{what.lower()}. {minutes} minutes")
    assert f"]({site.PICTURE})" in readme and pages["index"].img["alt"] in readme
    assert pages["index"].img.parent.parent["data-live"] == "front"


def test_what_is_live_is_loaded_where_it_is_used(built, pages):
    for name, page in pages.items():
        loaded = [tag.get("src") or tag["href"] for tag in page.select("[src*=_static], link")]
        files = [urljoin(name, link) for link in loaded]
        expected = [f"_static/{file}" for file in LIVE.get(TWINS.get(name, name), [])]
        if name in TWINS and expected:  # what speaks is in the page's language
            expected[-1] = f"{name.partition('/')[0]}/{expected[-1]}"
        known = LIVE["notebooks/extras/see_inside"]
        assert [file for file in files if file.rpartition("/")[2] in known] == expected
        assert all((built / file).is_file() for file in expected)


def test_what_is_live_speaks_the_language_of_its_page(monkeypatch):
    monkeypatch.setattr(scripts, "bundle", lambda module: f"say('{speech._('English')}')")
    monkeypatch.setattr(NullTranslations, "gettext", lambda self, text: speech.chosen() + text)
    files = site.live(False, ["", "xx"])
    assert "say('enEnglish')" in files["_static/live.js"]
    assert "say('xxEnglish')" in files["xx/_static/live.js"]
    assert "<title>enA network that reads digits</title>" in files["my_network.html"]
    assert "<title>xxA network that reads digits</title>" in files["xx/my_network.html"]
    assert len(files) == 7 and speech.chosen() == "en"


def test_after_a_run_the_network_that_you_trained_answers(tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    shipped = site.live(False, [])["_static/trained.js"]
    assert site.live(True, [])["_static/trained.js"] == shipped  # as long as you have none
    save_run(yours := build_model(), {})
    assert json.dumps(describe(yours)) in site.live(True, [])["_static/trained.js"]
    assert site.live(False, [])["_static/trained.js"] == shipped


def test_every_widget_of_a_notebook_is_alive_on_its_page(pages, cells):
    found = {}
    for name in LESSONS:
        code = [cell for cell in cells[name] if cell.cell_type == "code"]
        wanted = [kind for cell in code for call, kind in WIDGETS.items() if call in cell.source]
        alive = [one["data-live"] for one in pages[name].select("[data-live]")]
        assert alive == wanted, f"{name}: tag the cell of a widget live-pad, -network or -explorer"
        found |= dict.fromkeys(wanted)
    assert sorted(found) == sorted(WIDGETS.values())


def test_a_live_cell_keeps_its_picture_for_a_page_without_scripts():
    about = {"image/png": {"alt": 'A "grey" pad', "width": 650}}
    picture = new_output("display_data", {"image/png": "iVBORw0="}, metadata=about)
    cells = [
        new_code_cell("pad", outputs=[picture], metadata={"tags": ["live-pad"]}),
        new_code_cell("look", outputs=[picture], metadata={"tags": ["live-network"]}),
    ]
    notebook = new_notebook(cells=cells)
    text = site.prepared(notebook, "notebooks/extras/a.ipynb")
    first, second = (cell.outputs[0].data["text/html"] for cell in nbformat.reads(text, 4).cells)
    for text, files in ((first, LIVE["index"]), (second, LIVE["notebooks/02_architecture"])):
        assert re.findall(r'"../../_static/([^"]+)"', text) == files
    shown = [BeautifulSoup(html, "html.parser").div for html in (first, second)]
    assert [one["data-live"] for one in shown] == ["pad", "network"]
    assert all(one.img["alt"] == 'A "grey" pad' for one in shown)
    assert notebook.cells[0].outputs == [picture]  # what was given is as it was


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def served(built):
    """The address of the site under a path of a server on this machine."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=built.parent.parent)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a/b/"
        server.shutdown()


@pytest.fixture
def shown(chromium, built, served):
    """A page of the browser; what went wrong, and requests for what is elsewhere, are in .wrong."""
    page = chromium.new_page(viewport=WIDE)
    page.wrong = watch(page, f"{built.as_uri()}/", served)
    yield page
    page.close()


@pytest.mark.parametrize("how", [pytest.param("file", marks=NEW_THEME), "server"])
def test_a_page_loads_nothing_from_elsewhere_and_fits_a_phone(built, served, shown, how):
    root = served if how == "server" else f"{built.as_uri()}/"
    shown.set_viewport_size(PHONE)
    for name in ALL:
        shown.goto(f"{root}{name}.html")
        assert shown.evaluate("document.documentElement.scrollWidth") == 390, name
        assert shown.locator(".languages").bounding_box()["y"] >= 0
    assert shown.wrong == []


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_search_finds_a_word_without_a_server(built, shown, language):
    root = (built / language).as_uri()
    shown.goto(f"{root}/search.html?q={WORDS[language]}")
    shown.wait_for_selector("#search-results li a")
    links = shown.locator("#search-results li a").evaluate_all("all => all.map(one => one.href)")
    found = [url.split("?")[0].split("#")[0] for url in links]
    assert f"{root}/notebooks/02_architecture.html" in found


def test_the_keyboard_alone_reaches_all(built, shown):
    """Search, contents, the launch menu and the next page of a lesson; the first from the front."""

    def tab_to(selector):
        for _ in range(60):
            shown.keyboard.press("Tab")
            if shown.evaluate("what => document.activeElement.matches(what)", selector):
                return shown.keyboard
        raise AssertionError(f"Tab doesn't reach {selector}")

    shown.goto(f"{built.as_uri()}/index.html")
    tab_to("button.search-button__button")
    tab_to(".begin a").press("Enter")
    shown.wait_for_url("**/notebooks/01_load.html")
    tab_to("button.search-button__button").press("Enter")
    shown.keyboard.type("pooling")
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/search.html?q=pooling")
    shown.goto(f"{built.as_uri()}/notebooks/01_load.html")
    tab_to(".bd-links a[href$='04_evaluate.html']")
    for language in LANGUAGES:
        tab_to(f".languages a[href*={language}]").press("Enter")
        shown.wait_for_url(f"**/{language}/notebooks/01_load.html")
        tab_to(".languages a[lang=en]").press("Enter")
        shown.wait_for_url("**/b/notebooks/01_load.html")
    tab_to(".dropdown-launch-buttons button").press("Enter")
    assert shown.locator(".dropdown-launch-buttons a").last.is_visible()
    tab_to("summary").press("Enter")
    assert shown.locator("details[open] .highlight").is_visible()
    tab_to("a.right-next").press("Enter")
    shown.wait_for_url("**/notebooks/02_architecture.html")


def test_a_printed_page_is_the_lesson_alone_on_white(built, shown):
    shown.emulate_media(color_scheme="dark")
    shown.goto(f"{built.as_uri()}/notebooks/01_load.html")
    around = [".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article"]
    assert all(shown.locator(part).is_visible() for part in around)
    shown.emulate_media(media="print")
    shown.wait_for_selector("html[data-theme=light]")  # as paper is
    assert not any(shown.locator(part).is_visible() for part in around)
    assert shown.locator("article .cell_output img").first.is_visible()
    shown.emulate_media(media="screen")
    shown.wait_for_selector("html[data-theme=dark]")


def tell(shown, text):
    shown.wait_for_function(
        "text => document.querySelector('.pad-answer').textContent.includes(text)", arg=text
    )


def test_the_network_answers_on_the_page(served, shown):
    """The pad of 04, drawn on with the mouse; the explorer and its slider; 02's network."""
    shown.emulate_media(reduced_motion="reduce")
    shown.goto(f"{served}index.html")
    tell(shown, "The network says 5")
    shown.goto(f"{served}notebooks/04_evaluate.html")
    tell(shown, "Draw a digit")
    paper = shown.locator(".pad-paper")
    paper.scroll_into_view_if_needed()
    draw(paper, [SEVEN])
    tell(shown, "The network says 7")
    assert shown.locator(".pad-best .pad-digit").inner_text() == "7"
    shown.get_by_role("button", name="Clear").click()
    tell(shown, "Draw a digit")

    shown.goto(f"{served}notebooks/extras/see_inside.html")
    picture = "canvas => canvas.toDataURL()"
    before = shown.locator(".explorer canvas").last.evaluate(picture)
    shown.get_by_label("image").first.focus()
    shown.keyboard.press("ArrowRight")
    assert shown.locator(".explorer canvas").last.evaluate(picture) != before

    shown.goto(f"{served}notebooks/02_architecture.html")
    assert shown.locator("[data-live] .viewer-layer").count() == 8
    for language in LANGUAGES:
        shown.goto(f"{served}{language}/notebooks/04_evaluate.html")
        with speech.using(language):
            tell(shown, speech._("Draw a digit from 0 to 9."))
    assert shown.wrong == []


def test_without_javascript_pictures_and_sentences_stand_in(built, chromium):
    page = chromium.new_page(java_script_enabled=False)
    stands_in = {
        "index": "img",
        "notebooks/extras/see_inside": "img",
        "notebooks/02_architecture": "text=run this cell",
        "notebooks/04_evaluate": "text=run this cell",
    }
    stands_in |= {name: "img" for name in TWINS if name.endswith("index")}
    for name, what in stands_in.items():
        page.goto(f"{built.as_uri()}/{name}.html")
        assert page.locator(f"[data-live] >> {what}").is_visible()
        assert page.locator(".languages a:visible").count() == len(LANGUAGES)
    page.close()


def test_the_front_page_draws_an_example_until_somebody_takes_the_pen(built, shown):
    shown.clock.install()  # so that the example is drawn as far as the test wants
    shown.goto(f"{built.as_uri()}/index.html")
    paper, ink = shown.locator(".pad-paper"), "paper => paper.toDataURL()"
    shown.clock.run_for(300)
    half = paper.evaluate(ink)
    assert shown.inner_text(".pad-answer") == ""  # nothing is said yet
    shown.locator(".map-all canvas").first.click()
    whole = paper.evaluate(ink)
    tell(shown, "The network says 5")
    shown.clock.run_for(2000)
    assert half != whole == paper.evaluate(ink)

    shown.reload()
    shown.clock.run_for(300)
    draw(paper, [SEVEN])
    tell(shown, "The network says 7")
    shown.clock.run_for(2000)
    tell(shown, "The network says 7")


LOOKS = [(WIDE, "light"), (PHONE, "dark"), (PHONE, "light"), (WIDE, "dark")]
QUICK = [
    pytest.param("index", LOOKS, id="index"),
    pytest.param("notebooks/02_architecture", LOOKS[:2], id="notebooks/02_architecture, two looks"),
]
SLOW = [pytest.param(name, LOOKS, id=name, marks=pytest.mark.slow) for name in ALL[1:]]


@NEW_THEME
@pytest.mark.parametrize(("name", "looks"), QUICK + SLOW)
def test_axe_finds_nothing_serious(built, shown, name, looks):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for size, scheme in looks:
        shown.set_viewport_size(size)
        shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        shown.goto(f"{built.as_uri()}/{name}.html")
        assert shown.locator("html").get_attribute("data-theme") == scheme
        found = axe.run(shown).response
        grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == [], (size, scheme)
        assert len(found["passes"]) > 10
