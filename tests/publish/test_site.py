"""The site, as a fork builds it from the committed notebooks: its files, and in a real browser."""

import io
import posixpath
import re
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from unittest.mock import Mock
from urllib.parse import urljoin

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageSequence
from playwright.sync_api import expect
from pypdf import PdfReader

from helpers import checks
from helpers.checks.kinds import integers
from helpers.common import language as speech
from helpers.common.files import ROOT
from helpers.guesses import say_no_guess
from publish import links
from publish.site import __main__ as site
from publish.site import exercises, pictures
from teach import quiz_questions
from tests.browser import SEVEN, Pad, axe_violations, turn_phone, watch_requests
from tests.cells import has_tag
from tests.editions import needs_chinese
from tests.for_teachers import answers_found_in
from tests.formulas import TEXT, check_formulas
from tools import is_for_teachers, translated_path

FORK = "a-school/digits_2.0"
GITHUB = f"https://github.com/{FORK}/blob/main/"
LANGUAGES = ["", *site.languages()]
# The names of the pages in each language, "" for English.
NAMES = {own: [posixpath.splitext(path)[0] for path in site.page_paths(own)] for own in LANGUAGES}
NOTEBOOKS = [name for name in NAMES[""] if name.startswith("notebooks/")]
LESSON = [name for name in NOTEBOOKS if name.startswith("notebooks/0")]
# Pads of your_own have no network, or one that was trained in the kernel, which a page has not.
WIDGET = re.compile(r"(Reader|DrawingPad|Viewer|Explorer|TrainingView)\((?!by_print)")
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
# How people write numbers; the last of a half isn't two of them.
WRITTEN = {"best_learning_rate": [("0,5", 0.5), ("1/2", 0.5), ("5e-1", 0.5)]}
WRITTEN["loss_of_a_half"] = [("0,69", 0.69), ("6.93e-1", 0.693), ("-2/3", -2 / 3)]
WRITTEN["loss_of_a_half"] += [("\u22126.93e\u22121", -0.693), ("\u20130,69", -0.69)]  # minus signs
WRITTEN["black_and_white"] = [("72.52 %", 72.52), ("72,52%", 72.52), ("0,7252", 0.7252)]
# Types texts into the box of an exercise, and returns what the page says about each of them.
TYPE = """(form, texts) => texts.map((text) => {
    form.querySelector("input").value = text;
    form.requestSubmit();
    return form.querySelector("output").textContent;
})"""
# What a reader's own setting does: each text becomes 1.6 times as large, and nothing else.
LARGE_TEXT = """() => {
    const size = (node) => parseFloat(getComputedStyle(node).fontSize);
    const sizes = [...document.querySelectorAll("body *")].map((node) => [node, size(node)]);
    for (const [node, pixels] of sizes) node.style.fontSize = `${1.6 * pixels}px`;
}"""
# What a reader of a page can't do, in each language.
NOTEBOOK_INSTRUCTIONS = ["Run All Above Selected Cell", "run this cell", "then run the cell"]
NOTEBOOK_INSTRUCTIONS += ["three dots", "shut the notebook down", "三个点", "关闭这个 notebook"]
# The codes of elements whose text is wider than they are.
OVERFLOWING = "all => all.filter((el) => el.scrollWidth > el.clientWidth).map((el) => el.innerText)"
NO_SPACE = str.maketrans("", "", " \n\t\xa0#")  # "#" is the link of a heading
NOT_READ = ["code", "pre", "script", "style"]
# Newer versions of axe have this rule for all, that elements are called what they show.
NEWER_RULES = {"label-content-name-mismatch": {"enabled": True}}
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the site; a page's address is the path in it."""
    folder, warnings = tmp_path_factory.mktemp("site"), io.StringIO()
    (folder / "of_an_earlier_build.html").touch()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(warnings):
        patch.setattr(links, "github_repository", lambda: FORK)
        site.build_site(folder)
    assert warnings.getvalue() == ""  # for example of a link without a target
    return folder


@pytest.fixture(scope="module")
def pages(built):
    """From the language and the name of each page to the page, parsed."""
    return {
        (own, name): BeautifulSoup((built / own / f"{name}.html").read_bytes(), "html.parser")
        for own in LANGUAGES
        for name in ["search", *NAMES[own]]
    }


def test_links_lead_to_pages_places_files_of_the_fork_twins_and_notebooks(built, pages):
    assert not (built / "of_an_earlier_build.html").exists()
    by_path = {f"{posixpath.join(*name)}.html": page for name, page in pages.items()}
    for (own, name), page in pages.items():
        path = f"{posixpath.join(own, name)}.html"
        for tag in page.select("[href], [src]"):
            link = urljoin(path, tag.get("href") or tag.get("src"))
            target, _hash, anchor = link.partition("#")
            target = target if target.startswith("http") else target.partition("?")[0]
            if target.startswith(GITHUB):
                assert (ROOT / target[len(GITHUB) :]).is_file(), (path, link)
            elif not target.startswith(("http", "data:")):
                assert (built / target).is_file(), (path, link)
                anchor = anchor.partition("=")[0]  # settings may follow
                assert not anchor or by_path[target].find(id=anchor), (path, link)
        others = [language for language in LANGUAGES if language != own]
        twins = [(to, name) if (to, name) in pages else (to, "index") for to in others]
        led = [urljoin(path, link["href"]) for link in page.select(".languages a")]
        assert sorted(led) == sorted(f"{posixpath.join(*twin)}.html" for twin in twins)
        assert page.html["lang"] == (own.replace("_", "-") or "en")
        if name != "search":
            assert len(page.select_one("meta[name=description]")["content"]) > 20
        if name in NOTEBOOKS:
            launch = [link["href"] for link in page.select("h1 + p a")]
            binder = f"https://mybinder.org/v2/gh/{FORK}/main?urlpath=lab/tree/"
            colab = f"https://colab.research.google.com/github/{FORK}/blob/main/"
            notebook = translated_path(f"{name}.ipynb", own)
            assert launch == [f"{place}{notebook}" for place in (colab, binder)]


def test_a_site_without_an_address_leads_to_none(tmp_path, monkeypatch):
    """As it is built of a copy that lies nowhere on the web; here of a few pages."""
    pages = [site.FRONT, "notebooks/02_architecture.ipynb", "docs/accessibility.md"]
    files = dict.fromkeys((f"_static/{name}" for name in ("live.css", "live.js", "page.js")), "")
    for name, value in {"page_paths": pages, "languages": [], "loaded_files": files}.items():
        monkeypatch.setattr(site, name, Mock(return_value=value))
    monkeypatch.setattr(links, "github_repository", str)
    site.build_site(tmp_path / "site")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html"))
    assert "of this page has been run" in text and "in a copy of the project." in text
    address = r"OWNER|\{repository|colab\.research|mybinder|github\.(com|io)/(?!googlecolab)"
    assert not re.search(address, text)


@needs_chinese
def test_a_page_that_one_language_alone_has_is_on_its_site(tmp_path, monkeypatch):
    """Here of a few pages; its twin in English is the front page, and solutions are left out."""
    [language] = LANGUAGES[1:]
    own = [path.removesuffix(".md") for path in site.own_pages(language)]
    pages = {"": [site.FRONT, "docs/accessibility.md"]}
    pages[language] = [*pages[""], *site.own_pages(language)]
    monkeypatch.setattr(site, "page_paths", pages.get)
    files = dict.fromkeys((f"_static/{name}" for name in ("live.css", "live.js", "page.js")), "")
    files |= {f"{language}/{name}": "" for name in files}
    monkeypatch.setattr(site, "loaded_files", Mock(return_value=files))
    monkeypatch.setattr(links, "github_repository", lambda: FORK)
    site.build_site(tmp_path / "site")
    contents = (tmp_path / "site" / language / "docs" / "accessibility.html").read_text("utf-8")
    assert own == ["docs/exam", "docs/problems", "docs/theory"]
    for name in own:
        assert f'href="{name.removeprefix("docs/")}.html"' in contents
        page = BeautifulSoup(
            (tmp_path / "site" / language / f"{name}.html").read_bytes(), "html.parser"
        )
        assert page.select("math[display=block]") and "$" not in page.article.text
        assert [a["href"] for a in page.select(".languages a")] == ["../../index.html"]
        assert not (tmp_path / "site" / f"{name}.html").exists()


@pytest.fixture(scope="module")
def formula_page(tmp_path_factory):
    """The address of a page with formulas, in a small site."""
    notebook = "notebooks/02_architecture.ipynb"
    cells = [nbformat.v4.new_markdown_cell(TEXT)]
    text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    read_source = site.page_source

    def page_source(path, *languages):
        return text if path == notebook else read_source(path, *languages)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            site, "page_paths", lambda language: [site.FRONT, notebook, "docs/accessibility.md"]
        )
        patch.setattr(site, "languages", list)
        patch.setattr(site, "page_source", page_source)
        site.build_site(folder := tmp_path_factory.mktemp("formulas"))
    return (folder / notebook).with_suffix(".html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_shows_formulas_without_a_script_of_others(chromium, formula_page, scheme):
    page = chromium.new_page(color_scheme=scheme)
    wrong = watch_requests(page, formula_page.partition("notebooks/")[0])
    page.goto(formula_page)
    check_formulas(page)
    assert wrong == []
    assert [fault for fault in axe_violations(page, "main") if fault[0] != "moderate"] == []
    page.close()


def test_search_shows_the_signs_of_a_formula_and_no_latex(chromium, formula_page):
    page = chromium.new_page()
    page.goto(f"{formula_page.partition('notebooks/')[0]}search.html?q=code")
    excerpt = page.locator("#search-results li p").first.inner_text()
    assert "\N{MINUS SIGN}ln p and p<q, but a $PATH is code" in excerpt
    assert "\\" not in excerpt
    page.close()


def test_no_page_shows_latex(pages):
    for name, page in pages.items():
        words = [text for text in page.main.find_all(string=True) if not text.find_parent(NOT_READ)]
        assert not re.search(r"\$|\\\w", " ".join(words)), name


def test_figures_have_their_text_solutions_are_folded_and_widgets_alive(pages):
    for own, name in ((own, name) for own, name in pages if name in NOTEBOOKS):
        page, path = pages[own, name], ROOT / translated_path(f"{name}.ipynb", own)
        cells = nbformat.read(path, as_version=4).cells
        code = [cell for cell in cells if cell.cell_type == "code"]
        outputs = [output for cell in code for output in cell.outputs]
        about = [out.metadata["image/png"] for out in outputs if "image/png" in out.get("data", {})]
        texts = [image["alt"] for image in page.select(".cell_output img:not(table img)")]
        assert texts == [picture["alt"] for picture in about]
        shown = [cell.get_text() for cell in page.select(".cell_input")]
        answered = sum("exercise" in cell.metadata.get("tags", []) for cell in code)
        left_out = sum(has_tag(cell, "colab") or has_tag(cell, "notebook-only") for cell in code)
        assert len(shown) == len(code) - left_out - answered >= 1
        assert "git clone" not in "".join(shown)
        folded = sum(cell.source.count("<details>") for cell in cells)
        assert len(page.select("details:not(.hide, [open], td details)")) == folded >= 1
        widgets = sum(WIDGET.search(cell.source) is not None for cell in code)
        assert len(page.select("[data-live]")) == widgets, f"tag it live-pad or so: {name}"
        # What is to be guessed first is folded, in each language the same.
        guesses = page.select("details.hide > summary > :first-child")
        english = pages["", name].select("details.hide > summary")
        with speech.use_language(own):
            words = speech._("I've guessed: show it")
            no_guess = re.split("[.。]", say_no_guess(""))[0]
            result = speech._("The result is {result}.", result="").strip(" .。")
        printed = [pre.get_text() for pre in page.select(".cell_output pre")]
        compared = sum("guesses.compare(" in cell.source for cell in code)
        assert sum(result in text for text in printed) == compared
        assert no_guess not in "".join(printed), f"a reader has guessed on paper: {name}"
        assert [guess.text.strip() for guess in guesses] == [words] * len(english)
        assert len(english) >= 3 or name not in LESSON


@pytest.fixture
def shown(chromium, built):
    """A page of the browser; what went wrong, and requests for what is elsewhere, are in .wrong."""
    page = chromium.new_page(viewport=WIDE, base_url=f"{built.as_uri()}/")
    page.wrong = watch_requests(page, f"{built.as_uri()}/")
    yield page
    page.close()


def answers_at_the_edges(check):
    """Return answers just within and just beyond what a check compares an answer with."""
    if check.read is integers:
        right = check.cases[0][0]
        longer = [(*right, 1), right[:-1]]
        return longer + [(*right[:i], right[i] + 1, *right[i + 1 :]) for i in range(len(right))]
    ends = {end for ends, _text in check.cases for end in ends if end is not None}
    return [end + step for end in sorted(ends) for step in (-1e-9, 0, 1e-9)]


def said_in_notebook(check, answers, language):
    """Return what a check says about each answer, in the words of a page."""
    check.wrong_answers.clear()  # as on a page that has just loaded
    verdicts = []
    with speech.use_language(language):
        dots = speech._("Write your answer in place of the three dots, then run the cell again.")
        box = speech._("Type your answer into the box.")
        for answer in answers:
            with redirect_stdout(io.StringIO()) as out:
                check(answer)
            verdicts.append(out.getvalue().strip().replace(dots, box))
    return verdicts


@IN_EACH_LANGUAGE
def test_a_page_says_of_an_answer_what_the_notebook_says(shown, language):
    known, boxes = {}, set()
    for path in ROOT.glob("tests/**/answers.py"):
        known |= import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)).ANSWERS
    for page in LESSON if language else NOTEBOOKS:
        shown.goto(posixpath.join(language, f"{page}.html"))
        for form in shown.locator("form[data-check]").all():
            boxes.add(name := form.get_attribute("data-check"))
            check = exercises.collect_checks()[name]
            # What only Python tells apart or misunderstands.
            unlike = ("kind", "decimal point", "quotation marks", "one number", "nan", "infinite")
            typed = [
                answer
                for answer, words in known[name]
                if np.ndim(answer) < 2 and not any(word in words for word in unlike)
            ]
            typed += answers_at_the_edges(check)
            written = [("", ...), *((str(a), a) for a in typed), *WRITTEN.get(name, [])]
            said = form.evaluate(TYPE, [text for text, _answer in written])
            wanted = said_in_notebook(check, [answer for _text, answer in written], language)
            for (text, _answer), one, other in zip(written, said, wanted, strict=True):
                assert one == other, (name, text)
    in_the_four = exercises.checks_with_box().keys() & vars(checks).keys()
    assert boxes == (in_the_four if language else exercises.checks_with_box().keys())


def test_a_comma_that_may_part_thousands_or_be_the_point_is_asked_about(shown):
    shown.goto("notebooks/extras/in_pytorch.html")
    form = shown.locator("form[data-check=softmax_twice]")
    for text, asked in ("1,461", True), ("\u22121,461", True), ("1461", False), ("1.461", False):
        form.locator("input").fill(text)
        form.locator("input").press("Enter")
        question = "Do you mean 1461 or 1.461?"
        assert (question in form.locator("output").inner_text()) == asked, text
    assert form.locator("output").inner_text().startswith("Right.")


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if not name.endswith("scaling_out")])
def test_the_printed_page_has_all_its_parts_and_what_is_folded(shown, name):
    """What a reader was to guess first, and the solutions; a teacher prints them."""
    shown.goto(f"{name}.html")
    headings = shown.locator("article :is(h1, h2, h3)").all_text_contents()
    folds = shown.locator("article details:not([data-live] *)")
    contents = folds.locator("p:not(:has(math)), pre").all_text_contents()
    titles = folds.locator("xpath=self::*[not(contains(@class, 'hide'))]/summary")
    figures = shown.locator(".cell_output img").count()
    printed = PdfReader(io.BytesIO(shown.pdf())).pages
    paper = plain_text("".join(page.extract_text() for page in printed))
    texts = [*headings, *titles.all_text_contents(), *contents]
    assert len(contents) >= 3
    assert [text for text in texts if plain_text(text)[:40] not in paper] == []
    assert sum(len(page.images) for page in printed) >= figures


class Sheet:
    """What stands on a printed page, in points from its lower left corner."""

    def __init__(self, page):
        self.height = float(page.mediabox.height)
        self.texts, self.frames, self.picture_feet = [], [], []
        self.outlined = []  # rectangles that nothing has painted yet
        page.extract_text(visitor_operand_before=self.note_shape, visitor_text=self.note_text)

    def note_text(self, text, matrix, text_matrix, _font, _size):
        if text.strip():
            self.texts.append(page_point(matrix, *text_matrix[4:]))

    def note_shape(self, operator, operands, matrix, _text_matrix):
        if operator == b"Do":  # a picture fills the square from (0, 0) to (1, 1)
            self.picture_feet.append(min(page_point(matrix, 0, y)[1] for y in (0, 1)))
        elif operator == b"re":
            left, top, width, height = map(float, operands)
            corners = page_point(matrix, left, top), page_point(matrix, left + width, top + height)
            self.outlined.append([sorted(ends) for ends in zip(*corners, strict=True)])
        elif operator in (b"f", b"F", b"f*", b"S", b"B"):
            self.frames += self.outlined
            self.outlined = []
        elif operator == b"n":  # it only cuts off what comes next
            self.outlined = []

    def used_share(self):
        """Return the share of the page above its lowest text or picture."""
        feet = [y for _x, y in self.texts] + self.picture_feet
        return 1 - min(feet, default=self.height) / self.height

    def empty_frames_at_foot(self, margin):
        """Return the frames of code that end at the lower margin and hold no text."""
        wide = [frame for frame in self.frames if frame[0][1] - frame[0][0] > 250]
        return [
            (across, down)
            for across, down in wide
            if abs(down[0] - margin) < 2 and 4 < down[1] - down[0] < 0.9 * self.height
            if not any(down[0] <= y <= down[1] for _x, y in self.texts)
        ]


def page_point(matrix, x, y):
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


WITHOUT_RULES = """@media print {
    .cell_input, .highlight, .highlight pre { break-inside: auto !important; }
    [data-live] > img { max-height: none !important; } }"""


def test_a_printed_notebook_has_no_nearly_empty_page_and_no_empty_frame_at_a_foot(shown):
    shown.goto("notebooks/02_architecture.html")

    def print_sheets():
        paper = shown.pdf(
            format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
        )
        return [Sheet(page) for page in PdfReader(io.BytesIO(paper)).pages]

    def find_faults(sheets):
        nearly_empty = [n for n, sheet in enumerate(sheets[:-1], 1) if sheet.used_share() < 0.5]
        margin = 72 / 2.54
        framed = [n for n, sheet in enumerate(sheets, 1) if sheet.empty_frames_at_foot(margin)]
        return nearly_empty, framed

    sheets = print_sheets()
    assert len(sheets) > 10 and all(sheet.texts for sheet in sheets)
    assert find_faults(sheets) == ([], [])
    shown.add_style_tag(content=WITHOUT_RULES)
    nearly_empty, framed = find_faults(print_sheets())
    assert nearly_empty or framed, "without the rules of paper, this test finds no fault"


def plain_text(text):
    """Return a text without spaces and number signs, and the letters of a ligature one by one."""
    return unicodedata.normalize("NFKC", text).translate(NO_SPACE)


def test_what_cannot_be_loaded_is_said_and_the_next_press_tries_again(shown):
    shown.route(re.compile(r"_static/(digits|home)\.js"), lambda route: route.abort())
    shown.goto("index.html#train=one,mnist,0.003,16,1")
    shown.locator(".train summary", has_text="Take it home").click()
    shown.get_by_role("button", name="Take it home").click()
    shown.get_by_text("The file can't be made").wait_for()
    step = shown.get_by_role("button", name="Step", exact=True)
    step.click()
    status = shown.locator(".train-status")
    status.filter(has_text="The images can't be loaded").wait_for()
    shown.unroute(re.compile(r"_static/(digits|home)\.js"))
    step.click()
    status.filter(has_text="Steps: 1, images: 16").wait_for(timeout=120_000)
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Take it home").click()
    assert download.value.suggested_filename == "my_network.html"
    assert shown.get_by_text("The file can't be made").count() == 0


# How a button looks: its shape, not its colours.
LOOK = """button => ["borderRadius", "borderTopWidth", "paddingTop", "paddingLeft"]
    .map(name => getComputedStyle(button)[name])"""
# The contrast of the text of an element to its own background or, of a link, to the page's.
CONTRAST = """node => {
    const paint = document.createElement("canvas").getContext("2d");
    const luminance = (colour) => {
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((x) => x / 255)
            .map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const own = getComputedStyle(node).backgroundColor;
    const back = own === "rgba(0, 0, 0, 0)" ? getComputedStyle(document.body).backgroundColor : own;
    const [less, more] = [getComputedStyle(node).color, back].map(luminance).sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
}"""


def test_buttons_of_all_pages_look_alike(shown):
    looks = {}
    for name, text in [("index", "Undo"), (LESSON[1], "Check"), ("docs/quiz", "Save my answers")]:
        shown.goto(f"{name}.html")
        looks[name] = shown.locator("button", has_text=text).first.evaluate(LOOK)
    assert len(set(map(tuple, looks.values()))) == 1, looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_share_one_accent_that_can_be_read(shown, scheme):
    shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    colours = set()
    for name in "index", "my_network":
        shown.goto(f"{name}.html")
        bar = shown.locator(".pad-best .pad-fill")
        bar.wait_for()
        colours.add(bar.evaluate("bar => getComputedStyle(bar).backgroundColor"))
    shown.goto("index.html")
    main, link = shown.locator(".begin a").first, shown.locator(".steps a").first
    colours |= {main.evaluate("link => getComputedStyle(link).backgroundColor")}
    colours |= {link.evaluate("link => getComputedStyle(link).color")}
    assert len(colours) == 1, colours
    assert min(main.evaluate(CONTRAST), link.evaluate(CONTRAST)) >= 4.5


CHOOSE = """(choice, value) => {
    choice.value = value;
    choice.dispatchEvent(new Event("change"));
}"""


@IN_EACH_LANGUAGE
def test_what_loads_slowly_or_fails_is_said_and_a_button_tries_again(shown, language):
    """On the front page and in a notebook's page; nothing that needs JavaScript comes silently."""
    with speech.use_language(language):
        again = speech._("Try again")
        failed = speech._("A part of this page can't be loaded. Check your connection.")
    trained, held = re.compile(r"_static/trained\.js"), []
    for name in "index", "notebooks/04_evaluate":
        shown.route(trained, lambda route: held.append(route))  # a line so slow that nothing comes
        shown.goto(posixpath.join(language, f"{name}.html"), wait_until="commit")
        first = shown.locator("[data-live]").first
        note = first.locator(".live-note")
        expect(note).to_be_visible()
        assert "JavaScript" in note.inner_text()
        first.scroll_into_view_if_needed()  # a part loads when a reader comes near
        for _ in range(200):  # at most ten seconds
            if not held:
                shown.wait_for_timeout(50)
        held.pop().abort()
        expect(note).to_contain_text(failed)
        shown.unroute(trained)
        shown.get_by_role("button", name=again).click()
        Pad(first).draw(SEVEN)
        expect(note).to_have_count(0)


# Tab leads to them, they are seen without scrolling, and they can be pressed.
CONTROLS_IN_SIGHT = """() => {
    const all = document.querySelectorAll("a, button, input, select, summary, [tabindex]");
    const inSight = ({top, bottom, width}) => width > 1 && bottom > 0 && top < innerHeight;
    return [...all].filter((node) => node.tabIndex >= 0 && !node.matches(":disabled") &&
        node.checkVisibility({visibilityProperty: true}) && inSight(node.getBoundingClientRect())
    ).map((node) => node.ariaLabel || node.innerText);
}"""


@IN_EACH_LANGUAGE
def test_a_visitor_sees_few_controls_at_first(shown, language):
    shown.set_viewport_size({"width": 1280, "height": 900})
    shown.goto(posixpath.join(language, "index.html"))
    shown.locator(".pad-best").wait_for()
    assert 10 < len(shown.evaluate(CONTROLS_IN_SIGHT)) <= 25  # with the link to the sources, if any


@IN_EACH_LANGUAGE
def test_below_the_pad_three_links_lead_on_whichever_network_is_shown(shown, language):
    shown.goto(posixpath.join(language, "index.html"))
    links_below = shown.locator(".viewer-pad .ways a")
    for network in "trained", "one", "trained":
        shown.locator("[data-name=network]").evaluate(CHOOSE, network)
        led = links_below.evaluate_all("links => links.map(({href}) => href.split('/').pop())")
        assert led[:2] == ["without_code.html", "01_load.html"], network
        assert led[2].startswith("index.html#"), "to the section for teachers"
    assert links_below.first.is_visible()
    shown.goto(posixpath.join(language, "index.html"))
    links_below.first.click()
    assert shown.url.endswith("without_code.html")


def test_on_a_phone_that_lies_on_its_side_title_and_pad_are_in_sight(shown):
    for name in "index", "my_network":
        shown.set_viewport_size({"width": 844, "height": 390})
        shown.goto(f"{name}.html")
        shown.locator(".pad-paper").wait_for()
        paper = shown.locator(".pad-paper").bounding_box()
        beside = ".pad-answer", ".pad-bars", "[data-name=clear]", "[data-name=train]"
        for part in ("h1:visible", ".pad-paper", *beside):
            box = shown.locator(part).first.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 390, (name, part, box)
            assert part not in beside or box["x"] > paper["x"] + paper["width"], (name, part, box)


PLACES = ["article h1", ".steps li:nth-child(3)", "#for-learners", "[data-name=take-home]"]
PLACES += [".explain:not([hidden]) .explain-title", ".explain:not([hidden]) .explain-part >> nth=2"]


@pytest.mark.parametrize("place", PLACES)
def test_a_turned_phone_keeps_its_place_on_the_front_page(shown, place):
    shown.set_viewport_size(PHONE)
    shown.emulate_media(reduced_motion="reduce")  # no window that slides is turned
    shown.goto("index.html")
    shown.locator(".pad-best").wait_for()
    shown.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    shown.locator(".viewer-maps [data-kind=Conv2D] > .map > canvas").first.click()
    part = shown.locator(place).first
    part.evaluate("node => scrollTo(0, scrollY + node.getBoundingClientRect().top - 200)")
    before = part.bounding_box()["y"]
    for width, height in ((844, 390), (390, 844)) * 2:
        turn_phone(shown, width, height)
        after = part.bounding_box()["y"]
        assert 0 <= after < height - 40, (width, before)
    assert after == pytest.approx(before, abs=8)


@IN_EACH_LANGUAGE
def test_the_front_page_leads_to_a_weight_of_one_step_in_numbers(shown, language):
    shown.goto(posixpath.join(language, "index.html"))
    link = shown.locator("article a[href*='&weight=']")
    address = link.get_attribute("href")
    link.click()
    with speech.use_language(language):
        after, *_numbers = speech._("After the step: {before} + ({change}) = {after}").split("{")
    shown.locator(".explain-step", has_text=after).last.wait_for(timeout=120_000)
    opened = shown.locator("[data-name=link]").evaluate("link => decodeURIComponent(link.hash)")
    assert opened == address
    assert shown.wrong == []


def test_the_live_view_of_a_page_opens_where_the_cell_opens_its_own():
    source = "from helpers.widgets.train import TrainingView\n\nTrainingView({})"
    for settings, address in {
        "": "small,mnist,0.003,64,1",
        '"lesson", step=1, weight=(1, 0, 0, 0, 0)': "lesson,mnist,0.003,64,1&amp;step=1&amp;"
        "weight=1,0,0,0,0",
    }.items():
        cell = nbformat.v4.new_code_cell(source.format(settings), metadata={"tags": ["live-learn"]})
        html = site.cell_html(cell, "", "notebooks/03_train.ipynb", "")
        assert f'<div data-live="learn" data-address="{address}">' in html


def test_what_stands_in_for_a_cell_is_made_without_changing_the_cell():
    name = next(iter(exercises.checks_with_box()))
    cell = nbformat.v4.new_code_cell(f"checks.{name}(...)", metadata={"tags": ["exercise"]})
    assert f'data-check="{name}"' in site.cell_html(cell, "", "notebooks/01_load.ipynb", "")
    assert cell.metadata.tags == ["exercise"]
    site.prepare_code_cell(cell, "notebooks/01_load.ipynb", "")
    assert "remove-input" in cell.metadata.tags


def test_a_page_tells_its_reader_nothing_that_only_a_notebook_can_do(pages):
    for (own, name), page in pages.items():
        if name not in NOTEBOOKS:
            continue
        text = page.select_one("article").get_text()
        for instruction in NOTEBOOK_INSTRUCTIONS:
            assert instruction not in text, (own, name)
        if page.select("form[data-check]") and not own:
            assert "Write your answer into the box and press Check." in text, name


def test_a_fold_has_the_name_that_is_seen_on_it(pages):
    named = [name for name, page in pages.items() if page.select("summary[aria-label]")]
    assert named == []


def test_the_sidebar_of_a_page_is_a_landmark_and_its_search_is_called_what_it_shows(pages):
    """layout.html replaces what the theme has written, so that axe finds no fault in it."""
    for name, page in pages.items():
        [sidebar] = page.select("#pst-primary-sidebar")
        assert sidebar["role"] == "complementary", name
        for field in page.select(".search-button-field"):
            assert field.attrs.keys().isdisjoint({"title", "aria-label"}), name
    assert pages["", LESSON[0]].select(".search-button-field")


@needs_chinese
def test_the_choice_of_colours_is_offered_in_the_words_of_the_page(pages):
    words = [text.get_text() for text in pages["zh_CN", LESSON[0]].select(".theme-change-button")]
    assert words == ["跟随系统", "亮色", "暗色"]


def test_no_hint_or_name_of_the_theme_is_left_in_english(pages):
    for (own, name), page in pages.items():
        if own and ("", name) in pages:
            english = hints(page) & hints(pages["", name])
            assert [hint for hint in english if re.search("[a-z]{2}", hint[1])] == [], name


def hints(page):
    """Return what a page says besides its text, unless it is on paper alone: attribute and text."""
    said = set()
    for name in ("title", "aria-label", "placeholder"):
        said |= {(name, tag[name]) for tag in page.select(f"body [{name}]:not(.onlyprint *)")}
    return said


def test_a_page_loads_nothing_from_elsewhere_is_alive_and_fits_a_phone(pages, shown):
    shown.set_viewport_size(PHONE)
    for name, page in pages.items():
        shown.goto(f"{posixpath.join(*name)}.html")
        for number in range(len(page.select("[data-live]"))):
            live = shown.locator("[data-live]").nth(number)
            live.scroll_into_view_if_needed()
            live.locator(":is(canvas, .viewer-layer, .train-status):visible").first.wait_for()
        assert shown.evaluate("document.documentElement.scrollWidth") == 390, name
        shown.evaluate(LARGE_TEXT)
        assert shown.evaluate("document.documentElement.scrollWidth") == 390, f"{name}, larger"
    assert shown.wrong == []


def test_on_a_phone_code_wraps_and_a_wide_output_has_a_shadow_where_it_goes_on(shown):
    shown.set_viewport_size(PHONE)
    for name in LESSON:
        shown.goto(f"{name}.html")
        assert shown.locator(".cell_input pre").evaluate_all(OVERFLOWING) == [], name
    shown.goto(f"{LESSON[1]}.html")
    wide = shown.locator(".cell_output pre:visible", has_text="conv2d").first
    assert wide.evaluate("el => el.scrollWidth > el.clientWidth + 20")
    at_start = right_edge(wide)
    wide.evaluate("el => el.scrollTo(el.scrollWidth, 0)")
    assert at_start < right_edge(wide) - 20


def right_edge(locator):
    """Return how light the last pixels of the upper right corner of an element are, 0 to 255."""
    shown = Image.open(io.BytesIO(locator.screenshot())).convert("L")
    return np.asarray(shown)[4:10, -7:-3].mean()


@IN_EACH_LANGUAGE
def test_the_page_without_code_shows_its_convolution_in_coloured_tables(shown, language):
    shown.goto(posixpath.join(language, "docs/without_code.html"))
    tables = shown.locator(".convolution .numbers")
    patch, kernel, products = (
        [float(text.replace("\u2212", "-")) for text in one.locator(".number").all_inner_texts()]
        for one in tables.all()
    )
    assert [a * b for a, b in zip(patch, kernel, strict=True)] == products
    colour = "cells => cells.map((cell) => getComputedStyle(cell).backgroundColor)"
    colours = tables.nth(1).locator(".number").evaluate_all(colour)
    assert len({colours[0], colours[4], colours[8]}) == 3  # of -1, 0 and 1
    shown.set_viewport_size(PHONE)
    assert shown.evaluate("document.documentElement.scrollWidth") == 390


def test_where_there_is_no_pad_the_page_without_code_says_how_to_draw(built, chromium):
    page = chromium.new_page(java_script_enabled=False)
    page.goto((built / "docs/without_code.html").as_uri())
    assert page.get_by_role("link", name="try_it.html").is_visible()
    assert page.locator(".convolution table").is_visible()
    page.close()


@IN_EACH_LANGUAGE
def test_another_language_shows_the_sheet_of_the_quiz_that_was_chosen(shown, language):
    sheet = "quiz-B-02_architecture"
    shown.goto(posixpath.join(language, f"docs/quiz.html#{sheet}"))
    assert shown.locator("form:visible").count() == 1
    for link in shown.locator(".languages a").all():
        link.click()
        shown.wait_for_url(f"**/docs/quiz.html#{sheet}")
        assert shown.locator("form:visible").get_attribute("data-quiz") == "B"
        shown.go_back()


def test_a_pupil_finds_no_answer_of_the_test_the_keys_and_the_quiz(built):
    """In no file of the site, and not by its search."""
    files = [path for path in built.rglob("*") if path.is_file()]
    names = {path.relative_to(built).as_posix() for path in files}
    assert {"docs/quiz.html", "_static/sections.js"} <= names
    for_teachers = {name for name in names if is_for_teachers(name.replace(".html", ".md"))}
    assert for_teachers == {posixpath.join(language, "docs/quiz.html") for language in LANGUAGES}
    assert answers_found_in(files) == []


def test_a_page_for_learners_holds_no_key_of_the_quiz(pages):
    for own in LANGUAGES:
        text = str(pages[own, "docs/quiz"])
        with speech.use_language(own):
            questions = quiz_questions.read_questions()
            assert speech._("The right letters") not in text
        assert questions[0].text in text
        for question in questions:
            assert all(shown not in text for shown in question.shows.values() if "*" not in shown)


def test_a_page_loads_no_font_no_drawn_icons_and_its_pictures_after_its_text(shown):
    asked = []
    shown.on("request", lambda request: asked.append((request.resource_type, request.url)))
    shown.goto(f"{LESSON[2]}.html")
    images = "all => all.map((image) => image.complete && image.naturalWidth > 0)"
    loaded = shown.locator("article img").evaluate_all(images)
    assert len(loaded) > 10 and all(loaded)  # for paper, and where there is no network later
    kinds = [kind for kind, _url in asked]
    assert "font" not in kinds and not any("fontawesome" in url for _kind, url in asked)
    [first_script] = [i for i, (_kind, url) in enumerate(asked) if "/print.js" in url]
    assert kinds[:first_script].count("image") <= 1


def test_a_picture_comes_when_it_is_near_and_has_its_shape_before(built, pages):
    pictures_seen = 0
    for name, page in pages.items():
        for image in page.select("article img:is([src$='.png'], [src$='.svg'])"):
            assert image["loading"] == "lazy", name
            if image["src"].endswith(".png"):
                path = built / urljoin(f"{posixpath.join(*name)}.html", image["src"])
                with Image.open(path) as picture:
                    width, height = picture.size
                stated = int(image["height"]) / int(image["width"])
                assert stated == pytest.approx(height / width, abs=0.01), (name, path)
                pictures_seen += 1
    assert pictures_seen > 50


def test_a_live_part_far_below_loads_nothing_before_a_reader_comes_near(shown):
    asked = []
    shown.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    shown.goto(f"{LESSON[2]}.html")
    shown.wait_for_timeout(1000)
    live = shown.locator("[data-live=learn]")
    assert live.locator("img").count() == 1 and "digits.js" not in asked
    live.scroll_into_view_if_needed()
    live.locator(".train-status").wait_for()
    assert "digits.js" in asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_icon_of_the_theme_is_drawn(shown, scheme):
    shown.emulate_media(color_scheme=scheme)
    shown.set_viewport_size(PHONE)
    shown.goto(f"{LESSON[1]}.html")
    icons = shown.locator("[class*=fa-]:visible")
    assert icons.count() >= 7  # two contents, the repository, the mode, the search, two arrows
    for icon in icons.all():
        grey = np.asarray(Image.open(io.BytesIO(icon.screenshot())).convert("L"), int)
        assert np.count_nonzero(abs(grey - grey[0, 0]) > 60) > 10, icon.get_attribute("class")


@IN_EACH_LANGUAGE
def test_the_pad_answers_and_search_finds_a_word_without_a_server(shown, language):
    shown.goto(posixpath.join(language, "notebooks/04_evaluate.html"))
    pad = Pad(shown.locator("body"))
    shown.locator("[data-live=pad]").scroll_into_view_if_needed()
    pad.draw(SEVEN)
    with speech.use_language(language):
        answer = speech._("The network says {digit} ({share}).")
    pad.says(answer.partition("{digit}")[0] + "7")
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
        shown.locator("[data-live=network]").scroll_into_view_if_needed()
        pad.says("7 (11%)")  # the untrained network, as in the notebook's figure: 0.107


def test_a_search_marks_its_word_and_sets_no_space_before_a_point(shown):
    shown.goto("search.html?q=gradient")
    excerpts = shown.locator("#search-results li p")
    excerpts.first.wait_for()
    marked = shown.locator("#search-results mark").all_inner_texts()
    assert len(marked) >= 5 and all(text.lower().startswith("gradient") for text in marked)
    texts = " ".join(excerpts.all_inner_texts())
    assert re.findall(r"\w+ [.,;]\s", texts) == []


@IN_EACH_LANGUAGE
def test_an_excerpt_of_the_search_has_whole_words_and_one_ellipsis_where_it_goes_on(
    shown, language
):
    shown.goto(posixpath.join(language, "search.html?q=softmax"))
    excerpts = shown.locator("#search-results li p")
    excerpts.first.wait_for()
    sections = [" ".join(text.split()) for *_rest, text in shown.evaluate("window.sections")]
    for excerpt in excerpts.all_inner_texts():
        words = " ".join(excerpt.removeprefix("…").removesuffix("…").split())
        [section, *_others] = [text for text in sections if words in text]
        start = section.index(words)
        end = start + len(words)
        for cut in (start, end):  # no word of Latin letters goes on beyond the excerpt
            assert not re.search(r"[A-Za-z0-9]{2}", section[max(0, cut - 1) : cut + 1]), excerpt
        assert excerpt.startswith("…") or start == 0
        assert excerpt.endswith("…") == (end < len(section))
        assert not re.search(r"[.,;:。，；：]…$", excerpt)


def test_another_language_searches_for_the_same_word_and_opens_the_same_settings(shown):
    shown.goto("search.html?q=softmax")
    shown.locator(".languages a").first.click()
    shown.locator("#search-results li").first.wait_for()
    assert shown.url.endswith("zh_CN/search.html?q=softmax")
    shown.goto("index.html#train=small,mnist,0.003,64,1")
    shown.locator(".languages a").first.click()
    shown.wait_for_url("**/zh_CN/index.html#train=small,mnist,0.003,64,1")


def test_a_page_that_is_not_there_leads_to_the_front_pages_from_any_folder(
    built, pages, monkeypatch
):
    page = BeautifulSoup((built / "404.html").read_bytes(), "html.parser")
    base = f"/{FORK.partition('/')[2]}/"
    led = [link["href"] for link in page.select("a")]
    assert led == [f"{base}index.html", f"{base}zh_CN/index.html"]
    with monkeypatch.context() as patch:  # a repository that is the site of its owner, at the root
        patch.setattr(links, "github_repository", lambda: "a-school/a-school.github.io")
        assert '"/index.html"' in site.missing_page({"": []})
    assert "isn't there" in page.get_text() and page.title.string == "404 \u2014 hello-mnist"
    assert pages["", "search"].title.string == "Search \u2014 hello-mnist"


def test_a_front_page_without_javascript_promises_nothing(built, chromium):
    page = chromium.new_page(java_script_enabled=False, viewport=WIDE)
    page.goto((built / "index.html").as_uri())
    live = page.locator("[data-live=front]")
    assert "loading" not in live.inner_text()
    end = page.locator(".live-note").bounding_box()
    following = page.locator(".ways").bounding_box()
    assert following["y"] - end["y"] - end["height"] < 100, "pixels of nothing"
    page.close()


def test_a_phone_closes_contents_enlarges_figures_and_prints_what_is_folded(shown):
    shown.set_viewport_size(PHONE)
    shown.goto(f"{LESSON[1]}.html")
    shown.locator(".secondary-toggle").click()
    shown.locator("dialog[open] a[href='#exercises']").click()
    shown.locator("dialog[open]").wait_for(state="detached")
    assert 0 <= shown.locator("#exercises").bounding_box()["y"] < 200
    shown.locator("div.cell_output:not(details *) .enlarge").first.click()
    large = shown.locator("dialog.large[open] img")
    assert large.bounding_box()["width"] > 390 and large.get_attribute("alt")
    shown.keyboard.press("Escape")
    large.wait_for(state="hidden")
    shown.emulate_media(media="print")
    shown.locator("details.hide:not([open])").first.wait_for(state="detached")
    shown.emulate_media(media="screen")
    shown.locator("details.hide:not([open])").first.wait_for()


def test_without_javascript_pictures_and_sentences_stand_in(built, chromium, pages):
    page = chromium.new_page(java_script_enabled=False, base_url=f"{built.as_uri()}/")
    for name in (name for name, parsed in pages.items() if parsed.select("[data-live]")):
        page.goto(f"{posixpath.join(*name)}.html")
        for live in page.locator("[data-live]").all():
            assert live.locator("img").is_visible() or len(live.inner_text()) > 20
        assert page.locator(".languages a:visible").count() == len(LANGUAGES) - 1
    page.close()


def test_the_front_page_leads_to_the_training_and_draws_until_somebody_takes_the_pen(shown):
    """The training is helped by workers. The page draws by a clock that the test lets go on."""
    shown.goto("index.html")
    shown.get_by_role("link", name="Watch step 3 happen").click()
    shown.get_by_role("button", name="Step", exact=True).click()
    shown.locator(".train-status", has_text="Steps: 1, images: 64").wait_for(timeout=120_000)
    assert shown.get_by_text("A worker of the browser has failed").is_hidden()
    shown.clock.install(time=0)
    shown.clock.pause_at(1000)
    shown.goto("index.html")
    shown.locator("[data-live=front] .pad-paper").wait_for()
    shown.clock.run_for(300)
    pad = Pad(shown.locator("[data-live=front]"))
    assert pad.ink() > 0
    assert shown.locator(".pad-answer").get_attribute("aria-live") == "off"  # nothing is read out
    pad.draw(SEVEN)
    shown.clock.run_for(2000)
    # From now on, no touch draws anything else.
    for name in ("Train a new network", "Pause", "Back to the trained network"):
        shown.get_by_role("button", name=name, exact=True).click()
    pad.says("The network says 7")
    assert shown.wrong == []


def test_the_moving_picture_of_the_readme_can_be_recorded_again(built, chromium):
    frames = pictures.record_drawing(chromium, built / "index.html")
    committed = Image.open(ROOT / "docs" / "pad.gif")
    times = [frame.info["duration"] for frame in ImageSequence.Iterator(committed)]
    assert sum(times) == pictures.FRAME_DURATION * (len(frames) - 1) + pictures.LAST_FRAME_DURATION
    assert frames[0].width == committed.width
    ink = [np.count_nonzero(np.asarray(frame.crop((12, 12, 290, 290))) < 60) for frame in frames]
    assert ink == sorted(ink) and ink[-1] > 3 * ink[0] > 0  # a hand draws on


KINDS = ["index", LESSON[1], "docs/glossary", "docs/quiz", "docs/without_code", "search"]
KINDS += [posixpath.join(own, LESSON[2]) for own in LANGUAGES[1:]]


def test_axe_finds_nothing_on_any_kind_of_page(shown):
    light, dark = [(WIDE, "light", name) for name in KINDS], [(PHONE, "dark", KINDS[1])]
    for size, scheme, name in light + dark:
        shown.set_viewport_size(size)
        shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        shown.goto(f"{name}.html")
        assert shown.locator("html").get_attribute("data-theme") == scheme
        assert axe_violations(shown, rules=NEWER_RULES) == [], name


def test_axe_finds_nothing_on_a_page_that_was_used(shown):
    shown.set_viewport_size(PHONE)
    shown.goto(f"{LESSON[2]}.html")
    shown.locator("article details:not([data-live] *)").evaluate_all(
        "folds => folds.forEach((fold) => (fold.open = true))"
    )
    form = shown.locator("form[data-check]").first
    form.locator("input").fill("7")
    form.locator("button").click()
    assert form.locator("output").inner_text()
    assert axe_violations(shown, rules=NEWER_RULES) == []
    shown.goto("docs/quiz.html#quiz-B-01_load")
    shown.locator("form:visible [name=name]").fill("Ann")
    shown.locator("form:visible [value=a]").first.check()
    with shown.expect_download():
        shown.get_by_role("button", name="Save my answers").click()
    assert axe_violations(shown, rules=NEWER_RULES) == []


@IN_EACH_LANGUAGE
def test_on_paper_no_card_of_the_front_page_stands_alone(shown, language):
    shown.set_viewport_size({"width": 718, "height": 1047})  # A4 without the browser's margins
    shown.goto(posixpath.join(language, "index.html"))
    shown.emulate_media(media="print")
    for name, rows in ((".steps li", [2, 2]), (".way li", [5])):
        # They are measured at once, because a page that still loads moves between two questions.
        tops = shown.locator(name).evaluate_all(
            "cards => cards.map((card) => Math.round(card.getBoundingClientRect().y))"
        )
        assert [tops.count(top) for top in sorted({*tops})] == rows, name


def test_where_the_front_page_is_low_its_bars_keep_their_width(shown):
    shown.set_viewport_size({"width": 640, "height": 400})
    shown.goto("index.html")
    Pad(shown.locator(".pad")).says("The network says")
    assert shown.locator(".pad-bar").first.bounding_box()["width"] >= 40
    assert shown.evaluate("document.documentElement.scrollWidth") <= 640
