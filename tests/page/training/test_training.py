"""A network that trains in the page: drawings are kept, learned and saved; it is taken home."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers import mnist
from helpers.common import classes, language
from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.drawing import drawing_files
from helpers.plots import canvas
from helpers.widgets import step_address, take_home, train
from helpers.widgets.page_reader import read_page
from tests.browser import (
    NO_MEMORY,
    ONE,
    SEVEN,
    TWO,
    Pad,
    axe_violations,
    map_pictures,
    page_with,
    read_step,
    show_widget,
    watch_requests,
)
from tests.networks import network
from tests.sentences import check_sentences, snapshot_languages

NAMES = ["<b>", "\u05d0\u05d1", "\U0001f469\u200d\U0001f52c"]
SIGNS = [ONE, SEVEN, [[[60, 60], [220, 60], [220, 220], [60, 220], [60, 60]]]]
COUNT_WORKERS = """alive = 0; Worker = class extends Worker {
    constructor(url) { super(url); alive += 1; }
    terminate() { super.terminate(); alive -= 1; }
}; 0"""
CURVES = """[document.querySelector("[data-name=filters] canvas").toDataURL(),
    ...["loss", "accuracy"].flatMap((name) => [
        ...document.querySelectorAll(`[data-name=${name}] polyline`)])
    .map((line) => line.getAttribute("points"))]"""
PIXELS_OF_FILTERS = """() => { const paper = document.querySelector("[data-name=filters] canvas");
    const {data} = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height);
    return [paper.height, paper.width, [...data]]; }"""
SILENT = """const wait = setTimeout; setTimeout = (go, time) => wait(go, Math.min(time, 2000));
Worker = class extends Worker { postMessage() {} }; 0"""
LACKS_MEMORY = """read = Response.prototype.arrayBuffer;
Response.prototype.arrayBuffer = async () => { throw new RangeError(); }; 0"""
FAIL = "Worker = class extends Worker { constructor() { super('data:,throw 1'); } }; 0"
# The small network's weights before and after its second step by 16 images, the gradient, and what
# the layers made of each of these images, computed without the page's view.
SECOND_STEP = """async (digits) => {
    const random = randomFrom(1);
    const network = {shape: [28, 28, 1], layers: buildLayers(ARCHITECTURES.small, random)};
    const images = new TrainingImages({drawings: []});
    await images.load(digits);
    const weightsOf = (layers) => layers.map(({kernel, bias}) => ({
        weight: [...kernel ?? []], bias: [...bias ?? []]}));
    const means = [];
    let told;
    for (let count = 0; count < 2; count += 1) {
        const batch = images.nextBatch("mnist", 16, random);
        const {gradient} = computeGradient(network, batch);
        const passes = batch.map(({image}) => forward(network, inputOf(image)));
        const values = passes.map((layers) => layers.map((numbers) => [...numbers]));
        told = {before: weightsOf(network.layers), derivative: weightsOf(gradient), values};
        takeStep(network, gradient, 0.003, means);
    }
    return {...told, after: weightsOf(network.layers)};
}"""
# What the page says where nothing else tells one case from another.
NEXT_PRESS = {"new network": "Train a new network", "train": "Train", "pause": "Pause"}
SAID = {
    "new network": "A new network begins",
    "nothing yet": "It has learned nothing yet",
    "no drawing": "Draw each sign three times",
    "draw first": "Draw it on the pad first",
    "no memory": "This device lacks memory",
    "diverged": "It diverged",
}
REFUSED = {
    "same": "Another class has this name, or a name that looks the same.",
    "unseen": "A name needs a letter or a sign, and no characters that nobody can see.",
    "long": "This name is too long. A name has 20 characters at most.",
    "has drawings": "Press \u00d7 beside each of its drawings first",
    "no drawings": "This is no file of drawings.",
    "here already": "All drawings of this file are here already.",
}
PLACE = ("map", "row", "column")
SMALL = "#train=small,mnist,0.003,16,1"
SHAPES = {1: (5, 5, 1, 16), 3: (3, 3, 16, 64), 6: (576, 10)}  # of the small network's kernels
SETTINGS = "[data-name=settings] :is(select, input[type=number])"
VALUES = "settings => settings.map(setting => setting.value)"
PHONE = {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def path(shipped_model):
    """The file to take home, with 50 validation images, of which it misreads two."""
    whole = train.pack_digits
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "HELD_OUT_START", 50_300)
        patch.setattr(train, "pack_digits", lambda x, y, n: whole(x[:50_350], y[:50_350], n))
        return take_home.write_page(shipped_model, "Ada's").path


def wait_for(page, **values):
    """Wait until the status has these values, or fits patterns of them, however long it takes."""
    for name, value in values.items():
        number = page.locator(f".train-status [data-value={name}]")
        expect(number).to_have_text(re.compile(rf"^({value})$"), timeout=120_000)


def wait_for_message(page, text):
    page.locator("[data-name=message]", has_text=text).wait_for(timeout=120_000)


def control(page, name):
    """Return a control of the panel by its name. A control of a card is found in its card."""
    return page.locator(f"[data-name={name}]:not(.train-card *)")


def press(page, name):
    control(page, name).click()


def drawn_guess(page, measure, maximum):
    """Return the value of the dotted line in the chart of a measure. Its axis ends at `maximum`."""
    line = page.locator(f"svg[data-name={measure}] .train-guess").get_attribute("d")
    if not line:
        return None
    axis = page.locator(f"svg[data-name={measure}] path:not(.train-guess)").get_attribute("d")
    top, bottom = map(float, re.fullmatch(r"M42 (\d+)V(\d+)H315", axis).groups())
    height = float(re.fullmatch(r"M42 ([\d.]+)H315", line).group(1))
    return maximum * (bottom - height) / (bottom - top)


def unfold(page, name):
    """Open the part of the panel with this name, if it is folded."""
    fold = control(page, name)
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()


def choose(page, name, option):
    unfold(page, "settings")
    control(page, name).select_option(option)


def kernel_table(page):
    """Return the table of a kernel in the explanation that is open, between patch and products."""
    return page.locator("[data-name=numbers] .explain:visible .explain-row .numbers").nth(1)


def answer_with(page, name):
    """Say by the buttons below the answer what the drawing is."""
    page.locator(".train-labels").get_by_role("button", name=name, exact=True).click()


def card(page, i):
    """Return the card of a class. Its parts have names of their own."""
    return page.locator(".train-card").nth(i)


def name_signs(page, names):
    """Let the cards have these names, from the ten digits or from other names."""
    unfold(page, "signs")
    if control(page, "own-signs").is_visible():
        press(page, "own-signs")
    for _missing in range(len(names) - page.locator(".train-card").count()):
        press(page, "add-class")
    for i, name in enumerate(names):
        rename(page, i, name)


def rename(page, i, name):
    field = card(page, i).locator("[data-name=name]")
    field.fill(name)
    field.press("Enter")


@pytest.fixture(scope="module")
def widget():
    return train.TrainingView()


@pytest.fixture
def view(chromium, widget):
    """A function that returns a page on which networks train, and the list of what is wrong there.

    Afterwards no page trains on.
    """
    pages = []

    def view(change_workers=COUNT_WORKERS):
        pages.append(page := chromium.new_page())
        page.set_default_timeout(120_000)
        wrong = watch_requests(page)
        page.evaluate(change_workers)
        show_widget(page, widget)
        choose(page, "network", "one")
        return page, wrong

    yield view
    for page in pages:
        page.close()


def save(page, name, folder):
    with page.expect_download() as download:
        press(page, name)
    download.value.save_as(folder / download.value.suggested_filename)
    return folder / download.value.suggested_filename


@pytest.fixture(scope="module")
def taught(chromium, path, tmp_path_factory):
    """A page whose network was taught that a seven is a 2: its maps before and after, the file."""
    page = chromium.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    pad = Pad(page.locator(".pad"))
    # What the pad begins with is nobody's drawing.
    assert page.locator(".train-labels button").nth(2).is_disabled()
    pad.draw(SEVEN)
    pad.says("The network says 7")
    page.before = map_pictures(page)
    answer_with(page, "2")
    wait_for(page, steps=10)
    pad.says("The network says 2")
    page.after = map_pictures(page)
    unfold(page, "home")
    page.home = save(page, "take-home", tmp_path_factory.mktemp("home"))
    yield page
    page.context.close()


def test_a_wrong_answer_is_corrected_by_one_tap_and_others_stay_right(taught):
    wait_for(taught, steps=10, seen="250.*", after=1, all=1, before=0)
    wait_for(taught, others=50, right="4[4-9]|50", first=48)
    expect(control(taught, "signs-summary").locator("[data-value=count]")).to_have_text("1")
    unfold(taught, "signs")
    item = card(taught, 2).get_by_role("listitem")
    expect(item.locator("[data-value=answer]")).to_contain_text("2")
    expect(item.locator("[data-value=before]")).to_contain_text("7")
    before, after = taught.before, taught.after
    assert before[0] == after[0] and all(a != b for a, b in zip(before[1:], after[1:], strict=True))


def test_the_file_taken_home_has_the_name_the_weights_and_the_drawings(opened, taught):
    home = opened(taught.home)
    assert home.title() == home.inner_text("h1") == "Ada's"
    Pad(home.locator(".pad")).draw(SEVEN)
    Pad(home.locator(".pad")).says("The network says 2")
    assert map_pictures(home) == taught.after
    unfold(home, "signs")
    expect(home.locator(".train li canvas")).to_have_count(1)
    expect(card(home, 2).locator("li canvas")).to_be_visible()


def warns(page):
    """Does the browser ask whether somebody wants to leave the page?"""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    return asked == ["beforeunload"]


def test_leaving_warns_where_drawings_or_steps_would_be_lost_and_not_otherwise(opened, path):
    page = opened(path)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says 7")
    assert not warns(page), "nothing was kept or learned"
    unfold(page, "training")
    press(page, "step")
    wait_for(page, steps=1)
    assert warns(page), "a step would be lost"
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    pad.draw(SEVEN)
    answer_with(page, "7")
    wait_for(page, count=1)
    assert warns(page), "a drawing would be lost"


def test_leaving_does_not_warn_after_the_page_was_taken_home(opened, path, tmp_path):
    page = opened(path)
    unfold(page, "training")
    press(page, "step")
    wait_for(page, steps=1)
    unfold(page, "home")
    save(page, "take-home", tmp_path)
    assert not warns(page)


WITH_GLOSSARY = """() => {
    const layers = buildLayers(ARCHITECTURES.one, randomFrom(1));
    const network = {shape: [28, 28, 1], layers, glossary: "about:blank"};
    const image = new Uint8Array(784).fill(255);
    showNetwork(document.body.appendChild(document.createElement("div")), network, {image});
}"""


def test_the_glossary_opens_in_a_tab_of_its_own_so_that_no_work_is_lost(chromium):
    page = page_with(chromium, "training/training.js")
    page.evaluate(WITH_GLOSSARY)
    page.locator("[data-kind=Dense] .map > canvas").press("Enter")
    with page.expect_popup():
        page.locator(".explain:visible a[target=_blank]").click()
    assert page.locator(".pad-paper").is_visible()
    page.close()


def test_a_notebook_goes_on_with_the_file_taken_home(taught, shipped_model):
    model, drawings, labels = read_page(taught.home)
    assert labels.tolist() == [2] and drawings.shape == (1, 28, 28)
    images = mnist.prepare(drawings)
    before, after = (network.predict(images, verbose=0)[0, 2] for network in (shipped_model, model))
    # The page and Python draw the strokes with a pixel's difference, so it may not be 2 for both.
    assert before < 0.05 and after > 0.3


WIDE = {"width": 1280, "height": 900}
PARTS = [
    *("[data-name=train]", "[data-name=status]", "[data-name=step]", ".train-chart:visible"),
    *("[data-name=mistakes]", "[data-name=filters]", "[data-name=experiments]", ".train-look"),
    *("[data-name=settings]", ".viewer-maps", ".pad-bars", "[data-name=undo]"),
]


def places(page):
    """Return where the parts of the page begin: how far to the right and down, in pixels."""
    boxes = {part: page.locator(part).first.bounding_box() for part in PARTS}
    return {part: (box["x"], box["y"]) for part, box in boxes.items()}


def test_the_training_is_in_sight_beside_the_pad_and_moves_nothing(opened, path):
    page = opened(path, viewport=WIDE)
    unfold(page, "training")
    pad = Pad(page.locator(".pad"))
    paper = pad.paper.bounding_box()
    for part in PARTS[:9]:
        box = page.locator(part).first.bounding_box()
        assert box["x"] > paper["x"] + paper["width"], part
        assert box["y"] + box["height"] <= WIDE["height"], part
    first = places(page)
    pad.draw(SEVEN)
    pad.says("The network says 7")
    assert places(page) == first, "the first stroke moves something"
    assert page.locator("[data-name=mistakes] canvas").count() == 0
    before = page.inner_text("[data-name=mistakes]")
    press(page, "train")
    wait_for(page, steps="[0-9]+", right="[0-9]+")
    assert places(page) == first, "the training moves something"
    assert page.locator("[data-name=mistakes] canvas").count() > 10
    assert before not in page.inner_text("[data-name=mistakes]")
    press(page, "train")


def test_at_first_a_visitor_sees_pad_answer_maps_and_two_buttons(opened, path):
    """The curves come with the first press on Train, which moves neither pad nor button."""
    page = opened(path, viewport=WIDE)
    first_maps = page.locator(".viewer-layer[data-kind=Conv2D] .map > canvas").first
    folded = [page.locator(part).first for part in ("[data-name=curves]", "[data-name=step]")]
    for part in (".pad-paper", ".pad-answer", ".pad-best", "#about button", "[data-name=train]"):
        expect(page.locator(part).first).to_be_in_viewport(ratio=1)
    expect(first_maps).to_be_in_viewport(ratio=1)
    for part in folded:
        expect(part).to_be_hidden()
    shown = [page.locator(part).first for part in (".pad-paper", "[data-name=train]")]
    before = [part.bounding_box() for part in shown]
    press(page, "train")
    for part in folded:
        expect(part).to_be_in_viewport(ratio=1)
    assert [part.bounding_box() for part in shown] == before
    press(page, "train")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_large_button_stays_filled_below_the_pointer(opened, path, scheme):
    page = opened(path, viewport=WIDE, color_scheme=scheme)
    large = page.locator("[data-name=train]")
    large.hover()
    background = large.evaluate("button => getComputedStyle(button).backgroundColor")
    assert not re.search(r"/|rgba", background), f"one sees through {background}"


def test_the_first_press_trains_a_new_network_and_a_button_leads_back(opened, path):
    page = opened(path)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says 7")
    before = map_pictures(page)
    press(page, "train")
    answer = page.locator(".pad-answer")
    expect(answer).to_have_attribute("aria-live", "off")
    for steps in ("[0-9]+", "[2-9][0-9]*"):
        wait_for(page, steps=steps)
        expect(answer).to_contain_text("The network says")  # it is never blank
    assert page.inner_text("[data-name=train]") == NEXT_PRESS["pause"]
    assert page.inner_text("[data-name=look]") != ""
    press(page, "train")
    values = page.locator(SETTINGS).evaluate_all(VALUES)
    assert values == ["small", "mnist", "0.003", "64", "1"]
    wait_for(page, steps="[0-9]+", right="[0-9]+")  # the last numbers stay
    assert page.inner_text("[data-name=train]") == NEXT_PRESS["train"]
    press(page, "back")
    assert map_pictures(page) == before
    assert control(page, "back").is_hidden()
    press(page, "train")


def test_the_trained_network_reads_the_drawing_too_while_another_one_is_shown(opened, path):
    """Both answers stand there. They are those that each network gives alone."""
    page = opened(path)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says 7")
    share = page.locator(".pad-best .pad-share").inner_text()
    remark = page.locator(".pad-remark")
    expect(remark).to_be_empty()
    choose(page, "network", "one")  # it has learned nothing, and says something else
    assert page.locator(".pad-best .pad-class").inner_text() != "7"
    expect(remark).to_have_text(f"But the trained network says 7 ({share}).")
    unfold(page, "training")
    page.evaluate("location.hash = '#train=small,mnist,0.003,64,1&step=20'")
    wait_for(page, steps=20)
    expect(remark).to_contain_text(share)
    press(page, "back")
    expect(remark).to_be_empty()
    answer_with(page, "2")  # what it has been taught is compared with what it was
    wait_for(page, steps=10)
    pad.says("The network says 2")
    expect(remark).to_have_text(f"But the trained network says 7 ({share}).")


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_panel_has_the_words_of_the_snapshot(chromium, spoken_language):
    with language.use_language(spoken_language):
        widget = train.TrainingView()
    page = chromium.new_page()
    page.set_default_timeout(120_000)
    show_widget(page, widget)
    page.add_script_tag(path=ROOT / "tests" / "in_page.js")
    said = page.evaluate("textsOfPanel()")
    unfold(page, "experiments")
    for link in page.locator("[data-name=experiment-links] a:visible").all():
        link.click()
        said += page.evaluate("textsOfPanel()")
    choose(page, "network", "one")
    press(page, "step")
    wait_for(page, steps=1, training=".+")
    Pad(page.locator(".pad")).draw(SEVEN)
    answer_with(page, "7")
    wait_for(page, steps=11, all=1)
    said += page.evaluate("textsOfPanel()")
    unfold(page, "signs")
    press(page, "own-signs")  # which can't be, as there is a drawing
    said += page.evaluate("textsOfPanel()")
    press(page, "train")
    said.append(("train", {"sentence": page.inner_text("[data-name=train]")}))
    press(page, "train")
    page.locator(".train li button").click()
    press(page, "own-signs")
    said += page.evaluate("textsOfPanel()")
    page.close()
    check_sentences(said, spoken_language, "training")


@pytest.mark.parametrize("choice", ["a setting", "an experiment", "an address", "a drawing"])
def test_a_network_that_somebody_has_chosen_or_taught_is_trained_itself(opened, path, choice):
    page = opened(path)
    large = page.locator("[data-name=train]")
    assert large.inner_text() == NEXT_PRESS["new network"]
    if choice == "a setting":
        choose(page, "rate", "0.001")
    elif choice == "an experiment":
        unfold(page, "experiments")
        page.locator("[data-name=experiment-links] a[href*=trained]").click()
        expect(page.locator("[data-name=look]")).not_to_be_empty()
    elif choice == "an address":
        page.evaluate("location.hash = '#train=trained,both,0.0007,32,1'")
    else:
        Pad(page.locator(".pad")).draw(SEVEN)
        answer_with(page, "7")
        wait_for(page, steps=10)
    expect(large).to_have_text(NEXT_PRESS["train"])
    assert page.locator("[data-name=network]").input_value() == "trained"


def test_a_button_opens_one_step_in_numbers_and_takes_a_step_where_none_was_the_last(view):
    page, wrong = view()
    press(page, "one-step")
    first = read_step(page)
    wait_for(page, steps=1)
    press(page, "one-step")  # which closes it
    assert page.locator("[data-name=numbers]").inner_text() == ""
    press(page, "one-step")
    assert read_step(page) == first
    wait_for(page, steps=1)  # it is the same step
    assert wrong == []


def test_a_double_click_opens_one_step_in_numbers_and_takes_no_second_step(view):
    page, _wrong = view()
    button = control(page, "one-step")
    button.dblclick()
    expect(button).to_have_attribute("aria-expanded", "true")
    read_step(page)
    wait_for(page, steps=1)
    button.click()
    button.dblclick()
    page.wait_for_timeout(300)
    expect(button).to_have_attribute("aria-expanded", "true")


def test_networks_and_steps_that_are_shown_no_more_leave_the_memory(view):
    page, _wrong = view()
    button = control(page, "one-step")
    session = page.context.new_cdp_session(page)

    def show_step_and_begin_again():
        button.click()
        read_step(page)
        button.click()
        press(page, "restart")

    def count_nodes():
        page.wait_for_timeout(500)  # maps out of sight are drawn a little later
        session.send("HeapProfiler.collectGarbage")
        return session.send("Memory.getDOMCounters")["nodes"]

    show_step_and_begin_again()
    before = count_nodes()
    for _time in range(3):
        show_step_and_begin_again()
    assert count_nodes() < before + 100


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def test_one_step_in_numbers_opens_below_its_button_and_leaves_focus_and_place(opened, path, size):
    page = opened(path, viewport=size)
    unfold(page, "training")
    button = control(page, "one-step")
    button.evaluate("button => button.scrollIntoView()")  # there is room below it
    before = button.bounding_box()
    button.press("Enter")
    numbers = page.locator("[data-name=numbers]")
    numbers.locator(".explain-step").first.wait_for(timeout=120_000)
    assert button.bounding_box() == before
    assert button.evaluate("button => button === document.activeElement")
    assert 0 < numbers.bounding_box()["y"] - before["y"] < 100
    expect(numbers.locator(".explain:visible .explain-title").first).to_be_in_viewport()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    page.evaluate("scrollBy(0, 150 - innerHeight)")  # the button is at the lower edge
    button.press("Enter")
    expect(numbers.locator(".explain:visible .explain-title").first).to_be_in_viewport()
    expect(button).to_be_in_viewport()


def test_on_a_phone_a_link_beside_the_pad_leads_to_the_signs_and_one_leads_back(opened, path):
    page = opened(path, **PHONE)
    link = control(page, "to-signs")
    expect(link).to_be_in_viewport(ratio=1)
    link.click()
    expect(page.locator(".train-card").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.activeElement.dataset.name") == "signs-summary"
    press(page, "to-pad")
    paper = page.locator(".pad-paper")
    expect(paper).to_be_in_viewport(ratio=1)
    assert paper.evaluate("paper => paper === document.activeElement")
    page.set_viewport_size(WIDE)
    expect(link).to_be_hidden()  # the cards are beside the pad


def test_a_link_to_the_settings_says_where_it_is_and_takes_nothing_back(taught):
    unfold(taught, "home")
    press(taught, "link")
    expect(control(taught, "note")).not_to_be_empty()
    assert "#train=trained,both,0.0007,32,1" in taught.url
    Pad(taught.locator(".pad")).says("The network says 2")


def test_a_page_says_which_layers_it_trains_in_another_way_than_keras(opened, path, artifacts):
    """It does so for a network that has such layers, and as long as that network is chosen."""
    page = opened(path)
    unfold(page, "settings")
    expect(control(page, "layers-note")).to_be_hidden()
    page = opened(take_home.write_page(network("normalised")).path)
    unfold(page, "settings")
    said = control(page, "layers-note")
    expect(said).to_be_visible()
    choose(page, "network", "small")
    expect(said).to_be_hidden()


def test_begin_again_brings_back_the_network_that_was_there_first(opened, path):
    page = opened(path)
    Pad(page.locator(".pad")).draw(SEVEN)
    before = map_pictures(page)
    unfold(page, "training")
    press(page, "step")
    wait_for(page, steps=1)
    assert map_pictures(page) != before
    press(page, "restart")
    assert map_pictures(page) == before
    wait_for_message(page, SAID["new network"])


def test_settings_in_the_address_are_followed_where_all_of_them_fit(opened, path):
    page = opened(path)
    settings = page.locator(SETTINGS)
    page.evaluate("location.hash = '#train=small,own,0.003,17,7'")  # no such batch: it is ignored
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32", "1"]
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    wait_for_message(page, SAID["no drawing"])
    assert settings.evaluate_all(VALUES) == ["small", "own", "0.003", "16", "7"]


@pytest.fixture(scope="module")
def second_step(chromium, path):
    """Return the numbers of the second step from the seed 1, computed without the page's view."""
    page = chromium.new_page()
    page.goto(path.as_uri())
    digits = page.evaluate("JSON.parse(document.getElementById('data').textContent).rehearsal")
    page.close()
    return page_with(chromium, "training/training.js").evaluate(SECOND_STEP, digits)


def link(page):
    """Return the address to which the link to the settings leads, without the page itself."""
    return page.locator("[data-name=link]").evaluate("link => decodeURIComponent(link.hash)")


@pytest.mark.parametrize(
    "kind, layer, index",
    [
        ("weight", 1, (0, 1, 0, 5)),
        ("weight", 3, (2, 0, 9, 40)),
        ("weight", 6, (None, 3)),  # of the input that most images of the batch have
        ("bias", 3, (7,)),
        ("bias", 6, (2,)),
    ],
)
def test_an_address_opens_a_step_at_a_weight_and_the_link_leads_there(
    opened, path, second_step, kind, layer, index
):
    page = opened(path)
    if index[0] is None:
        inputs = np.count_nonzero([values[5] for values in second_step["values"]], axis=0)
        index = (int(inputs.argmax()), *index[1:])
    place = ",".join(map(str, (layer, *index)))
    address = f"{SMALL}&step=2&{kind}={place}"
    page.evaluate("address => { location.hash = address; }", address)
    before, derivative, after = map(float, read_step(page))
    flat = index[0] if kind == "bias" else np.ravel_multi_index(index, SHAPES[layer])
    wanted = [second_step[key][layer - 1][kind][flat] for key in ("before", "derivative", "after")]
    assert [before, derivative, after] == pytest.approx(wanted, abs=2e-6)
    wait_for(page, steps=2, seen=32)
    step = page.locator(".explain-step", has=page.locator("[data-value=after]"))
    expect(step).to_be_in_viewport()
    assert link(page) == address


def test_an_address_opens_a_step_at_a_number_of_an_image_of_the_batch(opened, path, second_step):
    page = opened(path)
    address = f"{SMALL}&step=2&number=2,3,4,5&image=3"
    page.evaluate("address => { location.hash = address; }", address)
    title = page.locator("[data-name=numbers] .explain-title[aria-live]:visible")
    expect(title.locator("[data-value=layer]")).to_have_text("MaxPooling2D 1", timeout=120_000)
    place = [int(title.locator(f"[data-value={name}]").inner_text()) for name in PLACE]
    assert place == [5, 3, 4]
    value = second_step["values"][3][2][np.ravel_multi_index((3, 4, 5), (8, 8, 16))]
    shown = title.locator("[data-value=value]").inner_text()
    assert float(shown) == pytest.approx(value, abs=1e-4)
    numbers = page.locator("[data-name=numbers]")
    backward = numbers.locator(".explain-step", has=page.locator("[data-value=label]"))
    expect(backward).to_be_in_viewport()
    expect(backward.locator("[data-value=image]")).to_have_text("3")
    expect(numbers.locator("> .explain-title [data-value=image]")).to_have_text("3")
    assert link(page) == address


EXPERIMENT = """async ([digits, name, source, rate, size, seed, steps]) => {
    const random = randomFrom(seed);
    const network = {shape: [28, 28, 1], layers: buildLayers(ARCHITECTURES[name], random)};
    const images = new TrainingImages({drawings: []});
    await images.load(digits);
    const share = (answers, batch) =>
        answers.filter((digit, i) => digit === batch[i].label).length / batch.length;
    const learned = [];
    const means = [];
    for (let count = 0; count < steps; count += 1) {
        const batch = images.nextBatch(source, size, random);
        const {gradient, classIndices} = computeGradient(network, batch);
        learned.push(share(classIndices, batch));
        takeStep(network, gradient, rate, means);
    }
    const last = learned.slice(-10).reduce((sum, one) => sum + one) / 10;
    const {classIndices: answers} = computeGradient(network, images.validation, 1, false);
    return [last, share(answers, images.validation)];
}"""


@pytest.mark.parametrize(
    "address, says, steps, learned, new",
    [
        ("small,mnist,0.003,64,1", "it reads more than 70%", 30, (0, 1), (0.7, 1)),
        (
            "small,few,0.003,16,1",
            "After 80 steps it reads all of them",
            80,
            (0.97, 1),
            (0.72, 0.85),
        ),
        ("one,shuffled,0.003,16,1", "rises above 90%", 240, (0.9, 1), (0.03, 0.18)),
        ("small,mnist,0.1,64,1", "After 20 steps the network still reads", 20, (0, 1), (0, 0.3)),
    ],
)
def test_an_experiment_ends_as_its_sentence_says(
    chromium, widget, address, says, steps, learned, new
):
    """The page chooses the settings, and the page's engine takes the steps without its view."""
    page = chromium.new_page()
    show_widget(page, widget)
    unfold(page, "experiments")
    page.locator(f"[data-name=experiment-links] a[href='#train={address}']").click()
    expect(page.locator(".train-look")).to_contain_text(says)
    network, source, *numbers = page.locator(SETTINGS).evaluate_all(VALUES)
    page.close()
    engine = page_with(chromium, "training/training.js")
    arguments = [widget.digits, network, source, *map(float, numbers), steps]
    training, validation = engine.evaluate(EXPERIMENT, arguments)
    engine.close()
    assert learned[0] <= training <= learned[1]
    assert new[0] <= validation <= new[1]


def test_the_link_names_the_number_that_is_open_as_long_as_it_leads_there(opened, path):
    page = opened(path)
    page.evaluate(f"location.hash = '{SMALL}&step=1&bias=1,5'")
    read_step(page)
    kernel_table(page).locator("button").nth(7).click()
    assert link(page) == f"{SMALL}&step=1&weight=1,1,2,0,5"
    page.keyboard.press("Escape")
    assert link(page) == SMALL
    press(page, "step")
    wait_for(page, steps=2)
    kernels = page.locator("[data-name=filters] canvas")
    kernels.press("Enter")  # which marks the first one
    kernels.press("Enter")
    assert re.fullmatch(rf"{SMALL}&step=2&number=1,[0-9]+,[0-9]+,0", link(page))
    choose(page, "rate", "0.1")  # the next step has another rate than the first two
    press(page, "step")
    wait_for(page, steps=3)
    kernels.press("Enter")
    read_step(page)
    assert link(page) == "#train=small,mnist,0.1,16,1"


@pytest.mark.parametrize(
    "wrong, steps",
    [
        ("step=21&weight=1,0,0,0,0", 0),
        ("step=two&weight=1,0,0,0,0", 0),
        ("weight=1,0,0,0,0", 0),
        ("step=1&weight=1,0,5,0,0", 1),
        ("step=1&weight=2,0,0,0,0", 1),
        ("step=1&weight=9,0,0", 1),
        ("step=1&bias=1,16", 1),
        ("step=1&number=1,0,0", 1),
        ("step=1&number=__proto__&image=-1&=&other=1", 1),
    ],
)
def test_of_a_wrong_address_is_used_what_fits(opened, path, wrong, steps):
    page = opened(path)
    errors = watch_requests(page)
    page.evaluate("address => { location.hash = address; }", f"{SMALL}&{wrong}")
    if steps:
        wait_for(page, steps=steps, seen=16 * steps)
    else:
        wait_for_message(page, SAID["nothing yet"])
    settings = page.locator(SETTINGS)
    assert settings.evaluate_all(VALUES) == ["small", "mnist", "0.003", "16", "1"]
    page.wait_for_timeout(300)
    assert page.locator("[data-name=numbers]").inner_text() == "" and errors == []
    assert link(page) == SMALL


@pytest.mark.parametrize("opened", [{"weight": (1, 0, 0, 0, 5)}, {"bias": (6, 2)}])
def test_a_notebooks_view_opens_a_step_at_a_weight_and_leaves_the_focus(chromium, opened):
    page = chromium.new_page()
    page.set_default_timeout(120_000)
    wrong = watch_requests(page)
    show_widget(page, train.TrainingView(batch_size=16, step=2, **opened))
    read_step(page)
    wait_for(page, steps=2, seen=32)
    [(name, place)] = opened.items()
    assert link(page) == f"{SMALL}&step=2&{name}={','.join(map(str, place))}"
    assert page.evaluate("[scrollY, document.activeElement.tagName]") == [0, "BODY"]
    assert wrong == []


@pytest.mark.parametrize(
    "wrong, text",
    [
        (
            {"network": "large"},
            "network should be one of 'one', 'small', 'lesson', 'lenet5', not 'large'",
        ),
        ({"images": "own"}, "images should be one of"),
        ({"learning_rate": 1}, "learning_rate should be one of"),
        ({"batch_size": 1}, "batch_size should be one of"),
        ({"seed": 0}, "seed should be a whole number from 1"),
        ({"step": 21}, "step should be a whole number from 0 to 20, not 21"),
        ({"step": 1, "bias": (1, 5), "image": 64}, "image should be a whole number from 0 to 63"),
        ({"weight": (1, 0, 0, 0, 5)}, "a weight of a step. Give step=1 too"),
        ({"step": 1, "weight": "1,0,0,0,5"}, "weight should be a tuple such as"),
        ({"step": 1, "weight": (1, 0, 0, 0, 16)}, r"weight=.*shape \(5, 5, 1, 16\)"),
        ({"step": 1, "weight": (1, 0, 0)}, "isn't there"),
        ({"step": 1, "weight": (2, 0, 0, 0, 0)}, "Layer 2 of this network has no weight"),
        ({"step": 1, "number": (7, 0)}, "Layer 7 of this network has no number"),
        ({"step": 1, "bias": (1, 5), "number": (1, 0, 0, 5)}, "one of weight, bias and number"),
    ],
)
def test_what_a_notebooks_view_lacks_is_an_error_that_names_the_argument(wrong, text):
    with pytest.raises(ValueError, match=text):
        train.TrainingView(**wrong)


def test_the_page_offers_the_networks_and_the_images_that_python_offers(view):
    page, _wrong = view()
    offered = """name => [...document.querySelectorAll(`[data-name=${name}] option`)]
        .filter(option => !option.disabled).map(option => option.value)"""
    assert page.evaluate(offered, "network") == list(step_address.ARCHITECTURES)
    assert page.evaluate(offered, "source")[:3] == step_address.CHOICES["digit_sources"]


@pytest.fixture(scope="module")
def signs(chromium, path, tmp_path_factory):
    """A page whose network has learned three signs; and its files, the drawings and the page."""
    page = chromium.new_context(offline=True).new_page()
    page.goto(f"{path.as_uri()}#train=small,own,0.003,16,7")
    name_signs(page, NAMES)
    pad = Pad(page.locator(".pad"))
    for name, sign in zip(NAMES, SIGNS, strict=True):
        pad.draw(sign)
        pad.root.get_by_role("button", name=name, exact=True).click()
    page.locator(".train li button").nth(1).click()
    pad.draw(SEVEN)
    card(page, 1).locator("[data-name=keep]").click()
    press(page, "train")
    wait_for(page, after=3, all=3)
    press(page, "train")
    rename(page, 1, NAMES[1])  # which is the same, so what was learned stays
    unfold(page, "home")
    folder = tmp_path_factory.mktemp("signs")
    page.file, page.home = (save(page, name, folder) for name in ("save", "take-home"))
    yield page
    page.context.close()


def test_signs_of_ones_own_are_read_by_their_names(signs):
    pad = Pad(signs.locator(".pad"))
    for name, sign in zip(NAMES, SIGNS, strict=True):
        pad.press("Clear")
        pad.draw(sign)
        pad.root.locator(".pad-best .pad-class", has_text=name).wait_for()


def test_signs_of_ones_own_leave_nothing_of_the_digits_on_the_panel(opened, path):
    page = opened(path)
    for name in ("training", "signs", "experiments"):
        unfold(page, name)
    names = "experiments", "validation-key", "mistakes-figure", "about-digits"
    parts = [control(page, name) for name in names]
    for part in parts:
        expect(part).to_be_visible()
    name_signs(page, ["A", "B"])
    for part in parts:
        expect(part).to_be_hidden()
    expect(control(page, "about-own")).to_be_visible()
    press(page, "first-classes")
    for part in parts:
        expect(part).to_be_visible()
    expect(control(page, "about-own")).to_be_hidden()


def test_the_scores_of_signs_have_their_names(signs):
    last = signs.locator(".viewer-maps .viewer-layer[data-kind=Dense]").last
    last.locator(".map > canvas").press("Enter")
    scores = signs.locator(".viewer-maps .explain:visible .numbers").first
    written = [text.split("\n")[0] for text in scores.locator("button").all_inner_texts()]
    assert [name.strip("\u2068\u2069") for name in written] == NAMES
    signs.keyboard.press("Escape")


def test_axe_finds_nothing_where_signs_have_been_learned(signs):
    assert axe_violations(signs) == []


def test_python_reads_the_saved_drawings_under_their_names(signs):
    drawings, _rendered = drawing_files.read_file(signs.file, NAMES[::-1])
    assert [drawing["label"] for drawing in drawings] == [2, 0, 1]


def test_signs_taken_home_begin_with_a_drawing_and_keep_all_of_them(opened, signs):
    page = opened(signs.home, **PHONE)
    page.locator(".pad-best .pad-class", has_text=NAMES[0]).wait_for()  # of its first drawing
    expect(control(page, "signs-summary").locator("[data-value=count]")).to_have_text("3")
    unfold(page, "signs")
    assert page.locator(".train li").count() == 3
    assert page.inner_text(".train-status").strip() == ""  # it has been trained: nothing to draw


def test_drawings_that_are_loaded_bring_their_names_and_get_the_new_name_of_their_class(
    opened, path, signs, tmp_path
):
    page = opened(path)
    unfold(page, "signs")
    page.locator(".train .pad-file").set_input_files(signs.file)
    card(page, 1).get_by_role("listitem").wait_for()
    assert page.locator(".pad-class").all_inner_texts() == NAMES
    rename(page, 1, "square")
    names = [NAMES[0], "square", NAMES[2]]
    assert page.locator(".pad-class").all_inner_texts() == names
    drawings, _rendered = drawing_files.read_file(save(page, "save", tmp_path), names)
    assert [drawing["label"] for drawing in drawings] == [0, 2, 1]
    press(page, "train")
    for _drawing in drawings:  # when the last one is gone, there is nothing to learn
        page.locator(".train li button").first.click()
    wait_for_message(page, SAID["no drawing"])


@pytest.mark.parametrize(
    "name, says",
    [
        ("A", REFUSED["same"]),
        ("", REFUSED["unseen"]),
        ("w" * 25, REFUSED["long"]),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_below_its_field(opened, path, name, says):
    page = opened(path)
    name_signs(page, ["A", "B"])
    rename(page, 1, name)
    message = page.get_by_text(says)
    expect(message).to_be_in_viewport()
    field = card(page, 1).locator("[data-name=name]")
    box, field_box = message.bounding_box(), field.bounding_box()
    assert box["y"] - field_box["y"] - field_box["height"] < 20, "pixels below the field"
    assert field.input_value() == "B", "the card shows a name that doesn't count"
    assert page.locator(".pad-class").all_inner_texts() == ["A", "B"]


def test_names_with_commas_are_names_of_their_own(opened, path, tmp_path):
    page = opened(path)
    for names in (["0,1,2,3,4", "5,6,7,8,9"], ["a,b", "c"], ["a", "b,c"]):
        name_signs(page, names)
        assert page.locator(".pad-class").all_inner_texts() == names
        offered = page.locator("[data-name=network] option:not([hidden])")
        assert "trained" not in offered.evaluate_all(VALUES)
        assert page.locator("[data-name=source]").input_value() == "own"
    unfold(page, "home")
    assert opened(save(page, "take-home", tmp_path)).title() == "A network that reads: a · b,c"
    press(page, "first-classes")  # which the trained network reads
    settings = page.locator("[data-name=settings] select")
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32"]


def test_a_class_comes_and_goes_as_a_card_and_none_goes_with_drawings(opened, path):
    page = opened(path)
    small = page.locator(".train-card-small")
    unfold(page, "signs")
    assert small.count() == 10  # so that the digits are no wall
    assert max(box["height"] for box in (card.bounding_box() for card in small.all())) < 45
    name_signs(page, ["A", "a name that is long"])
    press(page, "add-class")
    expect(card(page, 2).locator("[data-name=name]")).to_be_focused()
    assert page.locator(".pad-class").all_inner_texts() == ["A", "a name that is long", "Sign 1"]
    card(page, 0).locator("[data-name=keep]").click()
    wait_for_message(page, SAID["draw first"])
    expect(page.locator(".pad-paper")).to_be_focused()
    Pad(page.locator(".pad")).draw(SEVEN)
    last = card(page, 2)
    last.locator("[data-name=keep]").click()
    last.locator("[data-name=remove]").click()
    expect(last.locator("[data-name=problem]")).to_contain_text(REFUSED["has drawings"])
    last.locator("li button").click()
    last.locator("[data-name=remove]").click()
    assert page.locator(".pad-class").all_inner_texts() == ["A", "a name that is long"]
    # Two classes are needed.
    expect(page.locator(".train-card [data-name=remove]:visible")).to_have_count(0)
    bar = page.locator(".pad-class").nth(1)
    assert bar.evaluate("name => name.scrollWidth <= name.clientWidth"), "a long name is cut"


def test_while_it_trains_the_pad_answers_says_what_is_wrong_and_what_to_do(opened, path):
    page = opened(path)
    page.evaluate("location.hash = '#train=one,mnist,0.003,64,1'")
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    page.locator("[data-name=train]").dblclick()  # which starts it once
    wait_for(page, steps=r"\d+")
    assert page.inner_text("[data-name=train]") == NEXT_PRESS["pause"]
    quiet = pad.root.locator(".pad-answer[aria-live=off]")  # nobody wants to hear each of them
    expect(quiet).to_contain_text("The network says")
    pad.load({"name": "a.png", "mimeType": "image/png", "buffer": b"none"})
    pad.says("isn't a picture")
    pad.press("Clear")
    pad.says("Draw one digit")
    pad.press("Undo")
    pad.page.evaluate(NO_MEMORY)
    pad.load(TWO)
    pad.says("Save it smaller")
    steps = page.inner_text(".train-status")
    page.locator(".train-status").filter(has_not_text=steps).wait_for()
    pad.says("Save it smaller")  # and later answers don't take it away
    assert pad.root.locator(".pad-answer").get_attribute("aria-live") == "polite"
    press(page, "train")


def test_lack_of_memory_is_said_and_the_next_press_tries_again(view):
    page, wrong = view()
    page.evaluate(LACKS_MEMORY)
    press(page, "step")
    wait_for_message(page, SAID["no memory"])
    page.evaluate("Response.prototype.arrayBuffer = read; 0")
    press(page, "step")
    wait_for(page, steps=1, seen=64, training=".+")
    assert wrong == []


def test_a_network_learns_digits_pauses_and_shows_its_mistakes(view):
    page, wrong = view()
    press(page, "train")
    wait_for(page, others=500, right=r"[34]\d\d")
    press(page, "train")
    expect(page.locator(".pad-answer")).to_contain_text("The network says")
    assert 10 < page.locator("[data-name=mistakes] canvas").count() <= 24
    assert page.evaluate("alive") > 0
    page.evaluate("end()")
    assert page.evaluate("alive") == 0 and wrong == []


def test_shuffled_labels_are_learned_by_heart_and_nothing_else_is(view):
    page, wrong = view()
    choose(page, "source", "shuffled")
    press(page, "train")
    wait_for(page, training=r"(9\d\.\d|100\.0)%", others=500, right=r"[12]?\d?\d")
    press(page, "train")
    assert wrong == []


def test_a_dotted_line_shows_the_accuracy_and_the_loss_of_a_blind_guess(view):
    page, wrong = view()
    for count in (10, 2, 13):  # the digits, then signs of one's own
        if count != 10:
            name_signs(page, list("abcdefghijklm"[:count]))
        assert drawn_guess(page, "accuracy", 1) == pytest.approx(1 / count, abs=0.002)
        loss = math.log(count)
        # The axis of the loss ends at 2.5.
        drawn_loss = drawn_guess(page, "loss", 2.5)
        assert drawn_loss == (pytest.approx(loss, abs=0.005) if loss < 2.5 else None)
        key = page.locator("[data-name=guess-key]")
        said = [key.locator(f"[data-value={name}]").inner_text() for name in ("guess", "loss")]
        assert said == [f"{100 / count:.0f}%", f"{loss:.2f}"]
    assert wrong == []


def test_long_steps_round_a_probability_to_zero_and_the_training_goes_on(view):
    page, wrong = view()
    choose(page, "network", "small")
    choose(page, "rate", "0.1")
    press(page, "train")
    wait_for(page, steps=r"[2-9]|\d\d+")
    press(page, "train")
    assert wrong == []


def test_a_single_layer_speaks_of_rows_and_columns_and_shows_the_chosen_place(view):
    page, wrong = view()
    page.set_viewport_size(PHONE["viewport"])
    control(page, "show-maps").check()
    page.locator("[data-kind=Dense] .map > canvas").press("Enter")
    explanation = page.locator(".explain:visible")
    product = explanation.locator("p", has=page.locator("[data-value=weight]"))
    for name in ("row", "column"):
        expect(product.locator(f"[data-value={name}]")).to_have_text(re.compile(r"^\d+$"))
    expect(explanation.locator("[data-value=map]")).to_have_count(0)
    table = explanation.locator(".explain-part").nth(1)  # after the scores: what each place adds
    box, cell = table.bounding_box(), table.locator(".number-chosen").bounding_box()
    assert box["x"] <= cell["x"] and cell["x"] + cell["width"] <= box["x"] + box["width"] + 1
    assert wrong == []


def test_one_step_is_shown_in_numbers(view):
    page, wrong = view()
    choose(page, "network", "small")
    for number in (1, 2, 3, 4):  # at the last, no two biases are the same
        press(page, "step")
        wait_for(page, steps=number)
    kernels = page.locator("[data-name=filters] canvas")
    box = kernels.bounding_box()
    kernels.click(position={"x": 0.3 * box["width"], "y": 0.7 * box["height"]})
    numbers = page.locator("[data-name=numbers]")
    shown = [read_step(page)]
    kernel_table(page).locator("button").nth(3).click()
    shown.append(read_step(page))
    for key in ("ArrowRight", "ArrowDown", "Enter"):  # the first one marks the first kernel
        kernels.press(key)
    page.keyboard.press("ArrowRight")  # from the weight to the bias
    assert len({*shown, read_step(page)}) == 3
    assert axe_violations(page, ".viewer") == []
    number = numbers.locator(".explain-title[aria-live]:visible").inner_text()
    products = numbers.locator(".explain-step .pad-button:visible")
    products.filter(has=page.locator("[data-value=image]")).first.click()
    for name in ("MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense"):
        layer = page.locator("[data-value=layer]", has_text=name)
        products.filter(has=layer).first.click()
    expect(numbers.locator("[data-value=p]:visible")).to_have_count(1)
    read_step(page)  # of a weight of the last layer
    while (back := numbers.locator("[data-name=back-to-origin]:visible")).count():
        back.click()
    assert numbers.locator(".explain-title[aria-live]:visible").inner_text() == number
    page.keyboard.press("Escape")
    expect(numbers.locator(".explain:visible")).to_have_count(0)
    press(page, "restart")
    assert numbers.inner_text() == "" and wrong == []


def test_where_workers_fail_the_page_itself_trains_the_same_and_says_so(view):
    shown = []
    for change, fails in (COUNT_WORKERS, False), (FAIL, True), (SILENT, True):
        page, _wrong = view(change)
        unfold(page, "settings")
        control(page, "seed").fill("7")
        press(page, "step")
        wait_for(page, steps=1, seen=64, training=".+")
        assert control(page, "worker-problem").is_visible() == fails
        shown.append(page.evaluate(CURVES))
    assert shown[0] == shown[1] == shown[2]


def test_the_same_seed_begins_and_steps_the_same_and_a_step_changes_the_answer(view):
    page, wrong = view()
    control(page, "show-maps").check()
    assert page.locator(".viewer-layer:visible").count() == 3
    untrained = map_pictures(page)
    press(page, "step")
    wait_for(page, steps=1, seen=64, training=".+")
    filters, _training, validation, *_accuracy = page.evaluate(CURVES)
    press(page, "restart")
    assert map_pictures(page) == untrained
    press(page, "step")
    wait_for(page, steps=1, seen=64, training=".+")
    trained = map_pictures(page)
    assert untrained[0] == trained[0] and untrained[2] != trained[2]  # the image, and the answer
    again = page.evaluate(CURVES)
    assert again[2] == validation and again[0] == filters and wrong == []


def test_a_loss_that_is_no_number_stops_the_training_and_is_said(view):
    page, _wrong = view()
    page.evaluate("Math.log = () => NaN; Worker = null; 0")
    press(page, "step")
    wait_for_message(page, SAID["diverged"])


def test_a_file_that_holds_no_drawings_is_named_where_it_was_chosen(opened, path, tmp_path):
    page = opened(path, **PHONE)
    unfold(page, "signs")
    (bad := tmp_path / "bad.json").write_text("{}")
    page.locator(".train .pad-file").set_input_files(bad)
    expect(page.get_by_text(REFUSED["no drawings"])).to_be_in_viewport()


def test_drawings_that_are_loaded_twice_are_kept_once(opened, path, signs):
    page = opened(path)
    unfold(page, "signs")
    for _time in range(2):
        page.locator(".train .pad-file").set_input_files(signs.file)
        page.locator(".train li").nth(2).wait_for()
    expect(page.get_by_text(REFUSED["here already"])).to_be_in_viewport()
    assert page.locator(".train li").count() == 3


@pytest.mark.parametrize(
    "name", ["a\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}a", " ", "\N{HANGUL FILLER}"]
)
def test_of_a_name_that_nobody_can_see_the_sentence_says_so(opened, path, name):
    page = opened(path)
    name_signs(page, ["A", "B"])
    rename(page, 1, name)
    expect(page.get_by_text(REFUSED["unseen"])).to_be_in_viewport()


def test_names_that_look_the_same_are_the_same(opened, path):
    page = opened(path)
    name_signs(page, ["\u00e9", "B"])
    rename(page, 1, "e\u0301")
    expect(page.get_by_text(REFUSED["same"])).to_be_in_viewport()
    with pytest.raises(ValueError, match="different names"):
        classes.check_names(["\u00e9", "e\u0301"])


def test_a_file_says_why_a_new_network_stays_behind_the_trained_one(opened, path, view):
    page = opened(path)
    press(page, "train")
    wait_for(page, steps=r"\d+")
    note = control(page, "few-digits")
    expect(note).to_contain_text("300")
    curves = page.locator("[data-name=curves]").bounding_box()
    assert curves["y"] < note.bounding_box()["y"] < curves["y"] + curves["height"]
    notebook, _wrong = view()
    expect(control(notebook, "few-digits")).to_be_empty()


def test_a_network_without_weights_is_shown_and_not_trained(opened, artifacts):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.MaxPooling2D(14), layers.Flatten(), layers.Softmax()]
    )
    page = opened(take_home.write_page(model, "No weights").path)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says")
    assert page.locator(".viewer-layer").count() == len(model.layers) + 1
    assert page.locator(".train").count() == 0


def test_the_pictures_of_kernels_with_several_maps_are_those_of_map_0(opened, artifacts):
    layers = [keras.layers.Reshape((14, 14, 4)), keras.layers.Conv2D(8, 3), keras.layers.Flatten()]
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    page = opened(take_home.write_page(model, "Maps").path)
    unfold(page, "training")
    assert re.findall(r"\d+", page.inner_text("[data-name=filters-caption]")) == ["8", "0"]
    *size, pixels = page.evaluate(PIXELS_OF_FILTERS)
    kernel = layers[1].kernel.numpy()[:, :, 0, :]  # (3, 3, 8)
    zoom, across = 8, 5  # pixels for a weight, kernels in a row
    picture = np.reshape(pixels, (*size, 4))[..., :3]
    for unit in range(8):
        for row, column in np.ndindex(3, 3):
            y = unit // across * (3 * zoom + 1) + zoom * row + 1
            x = unit % across * (3 * zoom + 1) + zoom * column + 1
            share = kernel[row, column, unit] / np.abs(kernel[..., unit]).max()
            expected = canvas.SIGNED((share + 1) / 2, bytes=True)[:3]
            assert np.abs(picture[y, x].astype(int) - expected).max() <= 4, (unit, row, column)
