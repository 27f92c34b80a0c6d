"""The site, as a fork builds it from the committed notebooks: its files, and in a real browser."""

import io
import posixpath
import re
from contextlib import redirect_stderr
from importlib import import_module
from urllib.parse import urljoin

import nbformat
import pytest
import sphinx_book_theme
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers import language as speech
from helpers.files import ROOT
from publish import address, exercises, site
from tests.browser import SEVEN, Pad, watch
from tests.exercises import verdict

ANSWERS = {}
for path in ROOT.glob("tests/*/answers.py"):
    ANSWERS |= import_module(f"tests.{path.parent.name}.answers").ANSWERS
FORK = "a-school/digits_2.0"
GITHUB = f"https://github.com/{FORK}/blob/main/"
LANGUAGES = site.languages()


def names(language):
    """The names of the pages in a language, "" for English."""
    return [posixpath.splitext(path)[0] for path in site.sources(language)]


PAGES = names("")
LESSON = [name for name in PAGES if re.match("notebooks/0", name)]
EXTRAS = [name for name in PAGES if name.startswith("notebooks/extras/")]
# From each page in another language to its English one, and from each lesson to its notebook.
TWINS = {f"{one}/{name}": name for one in LANGUAGES for name in ["search", *names(one)]}
LESSONS = {name: name for name in LESSON + EXTRAS} | {
    name: f"notebooks/{name.replace('notebooks/', '')}" for name in TWINS if "notebooks" in name
}
ALL = ["search", *PAGES, *TWINS]
WIDGETS = {
    "DigitReader()": "pad",
    "DrawingPad(": "pad",
    "NetworkViewer(": "network",
    "FeatureExplorer(": "explorer",
    "TrainingView(": "learn",
}
OLD = int(sphinx_book_theme.__version__.split(".")[1]) < 2
NEW_THEME = pytest.mark.skipif(OLD, reason="Python 3.10 gets an older theme with faults of its own")
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
    texts = [(built / f"{name}.html").read_bytes() for name in ALL]
    return {name: BeautifulSoup(text, "html.parser") for name, text in zip(ALL, texts, strict=True)}


def test_no_link_leads_to_what_is_not_there():
    link = site.linker("notebooks/01_load.ipynb", "", {"": []})
    assert link("On [to](gone.ipynb#top), `a[0](x)`") == "On to, `a[0](x)`"


def test_links_lead_to_pages_places_in_them_twins_and_files_and_notebooks_of_the_fork(built, pages):
    found = set()
    for name, page in pages.items():
        assert "OWNER" not in str(page)
        for tag in page.select("[href], [src]"):
            link = urljoin(f"{name}.html", tag.get("href") or tag.get("src"))
            path, _hash, anchor = link.partition("#")
            path = path if path.startswith("http") else path.partition("?")[0]
            found.add(path)
            if path.startswith(GITHUB):
                assert (ROOT / path[len(GITHUB) :]).is_file(), (name, link)
            elif not path.startswith(("http", "data:")):
                assert (built / path).is_file(), (name, link)
                assert not anchor or pages[path[:-5]].find(id=anchor), (name, link)

        here = name.partition("/")[0] if name in TWINS else ""
        twins = [posixpath.join(one, TWINS.get(name, name)) for one in {"", *LANGUAGES} - {here}]
        twins = {one if one in pages else f"{one.partition('/')[0]}/index" for one in twins}
        if name in TWINS and name != f"{here}/index":  # page.js goes by the order of sections
            own, other = (len(one.select("section[id]")) for one in (page, pages[TWINS[name]]))
            books = ROOT / "locales" / here / "textbooks.md"  # at the end of the glossary
            assert own == other + (name.endswith("glossary") and books.exists())
        links = {urljoin(name, link["href"])[:-5] for link in page.select(".languages a")}
        assert links == twins and page.html["lang"] == (here.replace("_", "-") or "en")

        launch = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
        if name in LESSONS:
            notebook = f"{LESSONS[name]}.ipynb"
            assert f"{GITHUB}{notebook}" not in found
            binder = f"https://mybinder.org/v2/gh/{FORK}/main?urlpath=lab/tree/{notebook}"
            colab = f"https://colab.research.google.com/github/{FORK}/blob/main/{notebook}"
            assert launch == [binder, colab]
    assert {f"{GITHUB}README.md", f"{GITHUB}helpers/data/MNIST-LICENSE.md"} <= found
    assert f"{GITHUB}docs/teaching.md" not in found


def test_figures_have_their_text_solutions_are_folded_and_widgets_alive(built, pages):
    for name, notebook in LESSONS.items():
        cells = nbformat.read(ROOT / f"{notebook}.ipynb", as_version=4).cells
        code = [cell for cell in cells if cell.cell_type == "code"]
        outputs = [output for cell in code for output in cell.outputs]
        about = [out.metadata["image/png"] for out in outputs if "image/png" in out.get("data", {})]
        texts = [image["alt"] for image in pages[name].select(".cell_output img")]
        assert texts == [one["alt"] for one in about]
        shown = [cell.get_text() for cell in pages[name].select(".cell_input")]
        answered = sum("exercise" in cell.metadata.get("tags", []) for cell in code)
        assert len(shown) == len(code) - 1 - answered >= 1 and "REPOSITORY" not in "".join(shown)
        folded = sum(cell.source.count("<details>") for cell in cells)
        assert len(pages[name].select("details:not(.hide, [open])")) == folded >= 1
        wanted = [kind for cell in code for call, kind in WIDGETS.items() if call in cell.source]
        alive = [one["data-live"] for one in pages[name].select("[data-live]")]
        assert alive == wanted, f"{name}: tag the cell of a widget live-pad, -network or -explorer"
    for name in LESSON:  # what is to be guessed first is folded, in each language the same
        asked = []
        for language in ["", *LANGUAGES]:
            page = pages[posixpath.join(language, name)]
            found = page.select("details.hide > summary > :first-child")
            with speech.using(language):
                assert {one.text.strip() for one in found} == {speech._("I've guessed: show it")}
            asked.append(len(found))
        assert {*asked} == {asked[0]} and asked[0] >= 3
    folded = pages["notebooks/02_architecture"].select("details.hide pre")
    assert any("untrained accuracy: 0.1" in one.text for one in folded)
    assert pages[LESSON[3]].select("a.button[href='../my_network.html']")
    for language in LANGUAGES:  # their texts are in the language of the page
        text = (built / language / "my_network.html").read_text(encoding="utf-8")
        with speech.using(language):
            assert f"<title>{speech._('A network that reads digits')}</title>" in text


def test_a_page_is_made_of_a_notebook_whatever_its_outputs():
    """Cleared, with a warning before a widget, or a picture of which nobody says what it is."""
    picture = new_output("display_data", {"image/png": "iVBORw0="})
    warning = new_output("stream", name="stderr", text="a warning\n")
    pad = new_output("display_data", {"text/plain": "A pad <run>"})
    outputs = {"network": [picture], "pad": [warning, pad], "explorer": []}
    notebook = new_notebook(cells=[new_code_cell(outputs=out) for out in outputs.values()])
    for cell, kind in zip(notebook.cells, outputs, strict=True):
        cell.metadata.tags = [f"live-{kind}"]
    made = site.prepared(notebook, "notebooks/extras/a.ipynb", "", str.upper, set()).cells
    live = [BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser").div for cell in made]
    assert [one["data-live"] for one in live] == [*outputs]
    assert live[0].img["alt"] == "A picture without a description."
    assert live[1].text == "A pad <run>" and "JavaScript" in live[2].text


@pytest.fixture
def shown(chromium, built):
    """A page of the browser; what went wrong, and requests for what is elsewhere, are in .wrong."""
    page = chromium.new_page(viewport=WIDE, base_url=f"{built.as_uri()}/")
    page.wrong = watch(page, f"{built.as_uri()}/")
    yield page
    page.close()


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_a_page_says_of_an_answer_what_the_notebook_says(shown, language):
    told = set()
    for name in LESSON if language else LESSON + EXTRAS:
        shown.goto(posixpath.join(language, f"{name}.html"))
        for form in shown.locator("form[data-check]").all():
            told.add(check := form.get_attribute("data-check"))
            for answer in [..., *ANSWERS[check].values()]:
                form.locator("input").fill("" if answer is ... else str(answer))
                form.locator("button").click()
                with speech.using(language):
                    wanted = verdict(exercises.all_checks()[check], answer)
                assert form.locator("output").inner_text() == wanted.strip(), (check, answer)
    assert {"middle_of_five", "most_ink", "shape_of_layers", "loss_of_a_half"} <= told
    shown.goto("notebooks/03_train.html")
    for answer, words in {"1,173": "Right", "three": "Not yet", "390 or 391": "Not yet"}.items():
        shown.fill("[data-check=steps_in_all] input", answer)
        shown.keyboard.press("Enter")
        assert shown.inner_text("[data-check=steps_in_all] output").startswith(words)


@NEW_THEME
def test_a_page_loads_nothing_from_elsewhere_is_alive_and_fits_a_phone(pages, shown):
    shown.set_viewport_size(PHONE)
    parts = {"pad": ".pad-paper", "network": ".viewer-layer", "learn": ".train-status"}
    for name, page in pages.items():
        assert not page.select(":is(.fa-solid, .fas, .fab):not(:has(path))"), "draw it in icons.py"
        shown.goto(f"{name}.html")
        assert shown.evaluate("document.documentElement.scrollWidth") == 390, name
        for one in page.select("[data-live]"):
            part = parts.get(one["data-live"], "canvas")
            assert shown.locator(f"[data-live] {part}").first.is_visible()
    assert shown.wrong == []


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_the_pad_answers_and_search_finds_a_word_without_a_server(shown, language):
    shown.goto(posixpath.join(language, "notebooks/04_evaluate.html"))
    pad = Pad(shown.locator("body"))
    pad.draw(SEVEN)
    with speech.using(language):
        said = speech._("The network says {digit} ({share}).")
    pad.says(said.partition("{digit}")[0] + "7")
    assert shown.wrong == []
    word = {"": "softmax", "zh_CN": "卷积层"}.get(language, "Keras")
    shown.goto(posixpath.join(language, f"search.html?q={word}"))
    first = shown.locator("#search-results li").first
    assert word.lower() in first.locator("p").inner_text().lower()
    assert first.locator("a").get_attribute("href").startswith("notebooks/0")
    first.locator("a").click()  # leads to the section, which has the word
    assert word in shown.locator(":target").inner_text()
    if not language:
        assert shown.url.endswith("/02_architecture.html#from-logits-to-probabilities")


def test_a_phone_closes_contents_keeps_the_section_in_another_language_and_enlarges(shown):
    shown.set_viewport_size(PHONE)
    shown.goto(f"{LESSON[1]}.html")
    shown.locator(".secondary-toggle").click()
    shown.locator("dialog[open] a[href='#exercises']").click()
    shown.locator("dialog[open]").wait_for(state="detached")
    assert 0 <= shown.locator("#exercises").bounding_box()["y"] < 200
    for figure in shown.locator("div.cell_output:not(details *) .enlarge").all()[:2]:
        figure.click()
        large = shown.locator("dialog.large[open] img")
        assert large.bounding_box()["width"] > 390 and large.get_attribute("alt")
        shown.keyboard.press("Escape")
        large.wait_for(state="hidden")
    shown.emulate_media(media="print")
    shown.locator("details.hide:not([open])").first.wait_for(state="detached")
    shown.emulate_media(media="screen")
    shown.locator("details.hide:not([open])").first.wait_for()
    for language in LANGUAGES:
        shown.goto(f"{LESSON[1]}.html#exercises")
        texts = shown.locator("article section[id]").all_inner_texts()
        wanted = texts.index(shown.inner_text(":target"))
        shown.locator(f".languages [href*='/{language}/']").dispatch_event("click")  # no scrolling
        shown.wait_for_url(f"**/{language}/**")
        shown.locator(":target").wait_for()
        texts = shown.locator("article section[id]").all_inner_texts()
        assert texts.index(shown.inner_text(":target")) == wanted


def test_the_keyboard_alone_reaches_search_a_solution_and_the_next_page(shown):
    def press_enter_on(selector):
        for _step in range(60):
            shown.keyboard.press("Tab")
            if shown.evaluate("what => document.activeElement.matches(what)", selector):
                return shown.keyboard.press("Enter")
        raise AssertionError(f"Tab doesn't reach {selector}")

    shown.goto("notebooks/01_load.html")
    press_enter_on("button.search-button__button")
    shown.keyboard.press("Escape")
    press_enter_on("summary")
    assert shown.locator("details[open] p").is_visible()
    press_enter_on("a.right-next")
    shown.wait_for_url("**/notebooks/02_architecture.html")


def test_without_javascript_pictures_and_sentences_stand_in(built, chromium, pages):
    page = chromium.new_page(java_script_enabled=False, base_url=f"{built.as_uri()}/")
    for name in (name for name, parsed in pages.items() if parsed.select("[data-live]")):
        page.goto(f"{name}.html")
        for one in page.locator("[data-live]").all():
            assert one.locator("img").is_visible() or len(one.inner_text()) > 20
        assert page.locator(".languages a:visible").count() == len(LANGUAGES)
    page.close()


def test_the_front_page_draws_an_example_until_somebody_takes_the_pen(shown):
    """By a clock that stands still but for what the test lets pass."""
    shown.clock.install(time=0)
    shown.clock.pause_at(1000)
    shown.goto("index.html")
    shown.clock.run_for(300)
    pad = Pad(shown.locator("[data-live=front]"))
    assert pad.ink() > 0 and shown.inner_text(".pad-answer") == ""  # nothing is said yet
    pad.draw(SEVEN)
    shown.clock.run_for(2000)
    pad.says("The network says 7")


@NEW_THEME
def test_on_the_front_page_the_answer_is_in_view_above_the_buttons_and_a_bar_opens_its_sum(shown):
    for size, seen in ((WIDE | {"height": 800}, ".pad-bars"), (PHONE, ".pad-answer")):
        shown.set_viewport_size(size)
        shown.goto("index.html")
        places = (".pad-paper", seen, ".begin")
        paper, answer, begin = (shown.locator(one).first.bounding_box() for one in places)
        bottom = answer["y"] + answer["height"]
        assert paper["width"] >= 260 and bottom <= min(size["height"], begin["y"])
    shown.locator("button.pad-row").nth(5).click()
    assert shown.locator("[data-kind=Dense] .explain").is_visible()


LOOKS = [(WIDE, "light"), (PHONE, "dark"), (PHONE, "light"), (WIDE, "dark")]
QUICK = [(name, LOOKS[:2]) for name in ("index", LESSON[1])]
SLOW = [pytest.param(name, LOOKS, marks=pytest.mark.slow) for name in ALL]


@NEW_THEME
@pytest.mark.parametrize(("name", "looks"), QUICK + SLOW)
def test_axe_finds_nothing_serious(shown, name, looks):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for size, scheme in looks:
        shown.set_viewport_size(size)
        shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        shown.goto(f"{name}.html")
        assert shown.locator("html").get_attribute("data-theme") == scheme
        found = axe.run(shown).response
        grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == [], (size, scheme)
        assert len(found["passes"]) > 10
