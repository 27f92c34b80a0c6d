"""The site, as a fork builds it from the committed notebooks: its files, and in a real browser."""

import io
import posixpath
import re
from contextlib import redirect_stderr
from urllib.parse import urljoin

import nbformat
import pytest
import sphinx_book_theme
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import language as speech
from helpers.files import ROOT
from helpers.web import scripts
from publish import address, site
from tests.browser import draw, watch
from tools import pages as plain_pages

FORK = "a-school/digits_2.0"
GITHUB = f"https://github.com/{FORK}/blob/main/"
LANGUAGES = site.languages()
PAGES = [posixpath.splitext(path)[0] for path in site.sources("")]  # in English
LESSON = [name for name in PAGES if re.match("notebooks/0", name)]
EXTRAS = [name for name in PAGES if name.startswith("notebooks/extras/")]
# From each page in another language to its English one, and from each lesson to its notebook.
TWINS = {f"{language}/{name}": name for language in LANGUAGES
         for name in ["index", "search", *LESSON]}  # fmt: skip
LESSONS = {name: name for name in LESSON + EXTRAS} | {
    name: f"notebooks/{name.replace('notebooks/', '')}" for name in TWINS if "notebooks" in name
}
ALL = ["search", *PAGES, *TWINS]
WORDS = {"": "convolution", "zh_CN": "卷积层"}
WIDGETS = {"DrawingPad(": "pad", "NetworkViewer(": "network", "FeatureExplorer(": "explorer"}
OLD = int(sphinx_book_theme.__version__.split(".")[1]) < 2
NEW_THEME = pytest.mark.skipif(OLD, reason="Python 3.10 gets an older theme with faults of its own")
SEVEN = [[60, 60], [170, 60], [100, 220]]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the site; a page's address is the path in it."""
    folder, said = tmp_path_factory.mktemp("site"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
        patch.setattr(address, "repository", lambda: FORK)
        site.build(folder)
    assert said.getvalue() == ""  # of a warning, such as a link without a target
    return folder


@pytest.fixture(scope="module")
def pages(built):
    """From the name of each page to the page, parsed."""
    paths = [path for path in built.rglob("*.html") if "_static" not in path.parts]
    names = [path.relative_to(built).with_suffix("").as_posix() for path in paths]
    assert {*ALL} == {name for name in names if not name.endswith("my_network")}
    texts = {name: (built / f"{name}.html").read_text(encoding="utf-8") for name in ALL}
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


def test_the_contents_list_every_page(pages):
    listed = pages["docs/teaching"].find("nav", class_="bd-links")
    captions = [caption.get_text(strip=True) for caption in listed.select(".caption")]
    assert captions == ["The lesson", *["Optional lessons"] * bool(EXTRAS), "For teachers"]
    there = [urljoin("docs/teaching.html", link["href"])[:-5] for link in listed("a")]
    assert there[: len(LESSON)] == LESSON and sorted([*there, "index"]) == sorted(PAGES)
    for language in LANGUAGES:
        links = pages[f"{language}/search"].find("nav", class_="bd-links")("a")
        assert [link["href"] for link in links] == [f"{name}.html" for name in LESSON]


def test_a_page_that_is_not_there_is_not_in_the_contents_and_no_link_leads_to_it():
    text = site.page("index.md", "", {"": LESSON + EXTRAS[:1]})
    assert "\nnotebooks/extras/" not in text and "\nnotebooks/0*\n" in text
    link = site.linker("notebooks/01_load.ipynb", "", {"": []})
    assert link("On [to](gone.ipynb#top), `a[0](x)`") == "On to, `a[0](x)`"


def test_each_page_leads_to_itself_in_the_other_languages(pages):
    for page, parsed in pages.items():
        here = page.partition("/")[0] if page in TWINS else ""
        assert parsed.html["lang"] == (here.replace("_", "-") or "en")
        expected = []
        for language in {"", *LANGUAGES} - {here}:
            twin = posixpath.join(language, TWINS.get(page, page))
            there = twin if twin in pages else posixpath.join(language, "index")
            code = language.replace("_", "-") or "en"
            expected.append((f"{there}.html", code, speech.name(language)))
        links = parsed.select(".languages a")
        found = [(urljoin(page, link["href"]), link["hreflang"], link.text) for link in links]
        assert sorted(found) == sorted(expected)


def test_every_link_leads_to_a_page_a_place_in_it_or_a_file_of_the_fork(built, pages):
    found, missing = set(), []
    for name, page in pages.items():
        assert "OWNER" not in str(page)
        for tag in page.select("[href], [src]"):
            link = tag.get("href") or tag.get("src")
            path, _hash, anchor = urljoin(f"{name}.html", link).partition("#")
            if link.startswith(GITHUB):
                there = (ROOT / path[len(GITHUB) :]).is_file()
            elif link.startswith(("http", "data:")):
                continue
            else:
                path = path.partition("?")[0]
                there = (built / path).is_file()
                there = there and (not anchor or pages[path[:-5]].find(id=anchor))
            found.add(path)
            missing += [] if there else [(name, link)]
    assert missing == [] and len(found) > 50
    assert {f"{GITHUB}README.md", f"{GITHUB}helpers/data/MNIST-LICENSE.md"} <= found
    shown = {"docs/teaching.md", *(f"{notebook}.ipynb" for notebook in LESSONS.values())}
    assert not found & {GITHUB + path for path in shown}  # in whatever language


def test_the_launch_buttons_of_a_lesson_open_its_notebook_in_the_fork(pages):
    colab = f"https://colab.research.google.com/github/{FORK}/blob/main/{{}}.ipynb".format
    for name, notebook in LESSONS.items():
        links = [link["href"] for link in pages[name].select(".dropdown-launch-buttons a")]
        binder = f"https://mybinder.org/v2/gh/{FORK}/main?urlpath=lab/tree/{notebook}.ipynb"
        assert links == [binder, colab(notebook)]
    for language in ["", *LANGUAGES]:
        (link,) = pages[posixpath.join(language, "index")].select(".begin a[href^=https]")
        assert link["href"] == colab(LESSONS[posixpath.join(language, LESSON[0])])


def test_figures_have_their_text_solutions_are_folded_and_widgets_alive(pages):
    """And the cell for Colab is hidden."""
    for name, notebook in LESSONS.items():
        cells = nbformat.read(ROOT / f"{notebook}.ipynb", as_version=4).cells
        code = [cell for cell in cells if cell.cell_type == "code"]
        outputs = [output for cell in code for output in cell.outputs]
        about = [out.metadata["image/png"] for out in outputs if "image/png" in out.get("data", {})]
        images = pages[name].select(".cell_output img")
        assert [image["alt"] for image in images] == [one["alt"] for one in about]
        sizes = [re.search(r"\d+", image.get("width") or image["style"])[0] for image in images]
        assert sizes == [str(one["width"]) for one in about]
        shown = [cell.get_text() for cell in pages[name].select(".cell_input")]
        assert len(shown) == len(code) - 1 and not any("REPOSITORY" in text for text in shown)

        solutions = [cell for cell in cells if "<details>" in cell.source]
        folded = pages[name]("details")
        assert len(folded) == len(solutions) == 3
        for one, cell in zip(folded, solutions, strict=True):
            assert not one.has_attr("open") and str(one.summary) in cell.source
            assert bool(one.select(".highlight .n")) == ("```python" in cell.source)

        wanted = [kind for cell in code for call, kind in WIDGETS.items() if call in cell.source]
        alive = [one["data-live"] for one in pages[name].select("[data-live]")]
        assert alive == wanted, f"{name}: tag the cell of a widget live-pad, -network or -explorer"


def test_what_is_live_finds_its_files_and_speaks_the_language_of_its_page(built, pages):
    live = {name: page.select("[data-live]") for name, page in pages.items()}
    for name, (one, *_more) in ((name, found) for name, found in live.items() if found):
        loaded = [tag.get("src") or tag["href"] for tag in pages[name].select("[src], link")]
        files = {urljoin(name, link) for link in loaded if "_static" in link}
        own = f"{name.partition('/')[0]}/" if name in TWINS else ""
        wanted = {f"_static/{network}.js" for network in site.LIVE[one["data-live"]]}
        wanted |= {"_static/live.css", f"{own}_static/live.js"}
        assert wanted <= files and all((built / file).is_file() for file in wanted)
    for language in LANGUAGES:
        script = (built / language / "_static" / "live.js").read_text(encoding="utf-8")
        text = (built / language / "my_network.html").read_text(encoding="utf-8")
        with speech.using(language):
            assert f'"Clear": "{speech._("Clear")}"' in script
            assert f"<title>{speech._('A network that reads digits')}</title>" in text


def test_the_front_page_says_what_the_readme_says(pages):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\w+)\]\S+ \| (.*?) \| (\d+) \|", readme, re.MULTILINE)
    for (name, what, minutes), card in zip(rows, pages["index"].select(".steps li"), strict=True):
        assert card.a["href"] == f"notebooks/{name}.html"
        text = card.get_text(" ", strip=True).lower()
        assert text.endswith(f"{what.lower()}. {minutes} minutes")
    assert pages["index"].select_one("[data-live=front] img")["alt"] in readme


def test_a_page_is_made_of_a_notebook_whatever_its_outputs(capsys):
    """Cleared, with a warning before a widget, or a picture of which nobody says what it is."""
    told = {"image/png": {"alt": 'A "grey" pad', "width": 650}}
    picture, silent = (
        new_output("display_data", {"image/png": "iVBORw0="}, metadata=metadata)
        for metadata in (told, {})
    )
    warning = new_output("stream", name="stderr", text="a warning\n")
    pad = new_output("display_data", {"text/plain": "A pad <run>"})
    outputs = {"network": [picture], "pad": [warning, pad], "explorer": [], None: [silent]}
    cells = [
        new_code_cell(outputs=out, metadata={"tags": [f"live-{kind}"] if kind else []})
        for kind, out in outputs.items()
    ]
    notebook = new_notebook(cells=[*cells, new_markdown_cell("text")])
    made = site.prepared(notebook, "notebooks/extras/a.ipynb", "", str.upper).cells
    live = [BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser") for cell in made[:3]]
    assert [one.div["data-live"] for one in live] == ["network", "pad", "explorer"]
    assert live[0].img["alt"] == 'A "grey" pad' and live[1].div.text == "A pad <run>"
    assert live[2].div.text == "The network is written in JavaScript, which is switched off here."
    scripts = [tag["src"] for tag in live[0]("script")]
    assert scripts == ["../../_static/untrained.js", "../../_static/live.js"]
    assert made[3].metadata.mystnb["image"] == {"alt": plain_pages.NO_DESCRIPTION}
    said = "notebooks/extras/a.ipynb, code cell 4: a picture without an alternative text\n"
    assert capsys.readouterr().err == said and made[4].source == "TEXT"


@pytest.fixture
def shown(chromium, built):
    """A page of the browser; what went wrong, and requests for what is elsewhere, are in .wrong."""
    page = chromium.new_page(viewport=WIDE)
    page.wrong = watch(page, f"{built.as_uri()}/")
    yield page
    page.close()


@NEW_THEME
def test_a_page_loads_nothing_from_elsewhere_and_fits_a_phone(built, shown):
    shown.set_viewport_size(PHONE)
    for name in ALL:
        shown.goto(f"{built.as_uri()}/{name}.html")
        assert shown.evaluate("document.documentElement.scrollWidth") == 390, name
        assert not LANGUAGES or shown.locator(".languages").bounding_box()["y"] >= 0
    assert shown.wrong == []


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_search_finds_a_word_without_a_server(built, shown, language):
    root = (built / language).as_uri()
    shown.goto(f"{root}/search.html?q={WORDS.get(language, '104,202')}")
    shown.wait_for_selector("#search-results li a")
    links = shown.locator("#search-results li a").evaluate_all("all => all.map(one => one.href)")
    found = [url.split("?")[0].split("#")[0] for url in links]
    assert f"{root}/notebooks/02_architecture.html" in found


def test_the_keyboard_alone_reaches_all(built, shown):
    """Search, contents, the other languages, the launch menu, a solution, the next page."""

    def tab_to(selector):
        for _step in range(60):
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
        tab_to(f".languages a[href*={language}]")
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


def test_what_is_live_answers_on_its_page(built, pages, shown):
    """What it does in detail is tested in tests/web."""
    parts = {"front": ".pad-paper", "pad": ".pad-paper", "network": ".viewer-layer"}
    for name, page in pages.items():
        for one in page.select("[data-live]"):
            shown.goto(f"{built.as_uri()}/{name}.html")
            part = parts.get(one["data-live"], ".explorer canvas")
            assert shown.locator(f"[data-live] {part}").first.is_visible()
    for language in ["", *LANGUAGES]:
        shown.goto((built / language / "notebooks" / "04_evaluate.html").as_uri())
        shown.locator(".pad-paper").scroll_into_view_if_needed()
        draw(shown.locator(".pad-paper"), [SEVEN])
        tell(shown, 7, language)
    assert shown.wrong == []


def tell(shown, digit, language=""):
    """Wait until the pad says which digit it is."""
    script = (scripts.FOLDER / "pad.js").read_text(encoding="utf-8")
    with speech.using(language):
        said = speech._(re.search(r'_\("(The network says {digit}.*?)"', script)[1])
    said = said.partition("{digit}")[0] + str(digit)
    shown.locator(".pad-answer", has_text=said).wait_for()


def test_without_javascript_pictures_and_sentences_stand_in(built, chromium, pages):
    page = chromium.new_page(java_script_enabled=False)
    for name in (name for name, parsed in pages.items() if parsed.select("[data-live]")):
        page.goto(f"{built.as_uri()}/{name}.html")
        for one in page.locator("[data-live]").all():
            assert one.locator("img").is_visible() or len(one.inner_text()) > 20
        assert page.locator(".languages a:visible").count() == len(LANGUAGES)
    page.close()


def test_the_front_page_draws_an_example_until_somebody_takes_the_pen(built, shown):
    """By a clock that stands still but for what the test lets pass."""
    shown.clock.install(time=0)
    shown.clock.pause_at(1000)
    shown.goto(f"{built.as_uri()}/index.html")
    paper, ink = shown.locator(".pad-paper"), "paper => paper.toDataURL()"
    shown.clock.run_for(300)
    half = paper.evaluate(ink)
    assert shown.inner_text(".pad-answer") == ""  # nothing is said yet
    shown.locator(".map-all canvas").first.click()
    whole = paper.evaluate(ink)
    tell(shown, 5)
    shown.clock.run_for(2000)
    assert half != whole == paper.evaluate(ink)

    shown.reload()
    shown.clock.run_for(300)
    draw(paper, [SEVEN])
    tell(shown, 7)
    shown.clock.run_for(2000)
    tell(shown, 7)


LOOKS = [(WIDE, "light"), (PHONE, "dark"), (PHONE, "light"), (WIDE, "dark")]
SLOW = [pytest.param(name, LOOKS, marks=pytest.mark.slow) for name in ALL if name != "index"]


@NEW_THEME
@pytest.mark.parametrize(("name", "looks"), [("index", LOOKS), (LESSON[1], LOOKS[:2]), *SLOW])
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
