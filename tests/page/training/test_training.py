"""A network that trains in the page: drawings are kept, learned and saved; it is taken home."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers import mnist
from helpers.common import classes
from helpers.common.backend import keras
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


def wait_for(page, pattern):
    """Wait until the status fits, however long it takes."""
    page.locator(".train-status", has_text=re.compile(pattern)).wait_for(timeout=120_000)


def press(page, name):
    page.locator(".train").get_by_role("button", name=name, exact=True).click()


def unfold(page, name):
    """Open the part of the panel with this name, if it is folded."""
    fold = page.locator(".train details", has=page.locator("summary", has_text=name))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()


def choose(page, name, option):
    unfold(page, "Settings")
    page.locator("label", has_text=name).locator("select").select_option(label=option)


def name_signs(page, names):
    """Let the cards have these names, from the ten digits or from other names."""
    unfold(page, "Your signs")
    if page.get_by_role("button", name="Signs of your own").is_visible():
        press(page, "Signs of your own")
    for _missing in range(len(names) - page.locator(".train-card").count()):
        press(page, "Add a class")
    for i, name in enumerate(names):
        rename(page, i, name)


def rename(page, i, name):
    field = page.get_by_label(f"Name of class {i + 1}", exact=True)
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
        choose(page, "Network", "one layer: ten images of weights (softmax regression)")
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
    pad, group = Pad(page.locator(".pad")), page.get_by_role("group", name="Wrong?")
    assert group.get_by_role("button", name="2").is_disabled()  # what it begins with is nobody's
    pad.draw(SEVEN)
    pad.says("The network says 7")
    page.before = map_pictures(page)
    group.get_by_role("button", name="2").click()
    wait_for(page, "^Steps: 10, ")
    pad.says("The network says 2")
    page.after = map_pictures(page)
    unfold(page, "Take it home")
    page.home = save(page, "Take it home", tmp_path_factory.mktemp("home"))
    yield page
    page.context.close()


def test_a_wrong_answer_is_corrected_by_one_tap_and_others_stay_right(taught):
    learned = r"^Steps: 10, images: 250.* It reads 1 of your 1 drawings \(before: 0\)\."
    wait_for(taught, rf"{learned} Of 50 digits.*, it reads (4[4-9]|50) \(before: 48\)")
    unfold(taught, "Your signs (1)")
    card = taught.get_by_role("group", name="2", exact=True)
    expect(card.get_by_role("listitem")).to_contain_text("Read as 2, before as 7.")
    before, after = taught.before, taught.after
    assert before[0] == after[0] and all(a != b for a, b in zip(before[1:], after[1:], strict=True))


def test_the_file_taken_home_has_the_name_the_weights_and_the_drawings(opened, taught):
    home = opened(taught.home)
    assert home.title() == home.inner_text("h1") == "Ada's"
    Pad(home.locator(".pad")).draw(SEVEN)
    Pad(home.locator(".pad")).says("The network says 2")
    assert map_pictures(home) == taught.after
    unfold(home, "Your signs")
    assert home.get_by_role("img", name="Drawing 1: 2").is_visible()


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
    press(page, "Step")
    wait_for(page, "^Steps: 1, ")
    assert warns(page), "a step would be lost"
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    pad.draw(SEVEN)
    page.get_by_role("group", name="Keep it").get_by_role("button", name="7").click()
    wait_for(page, "Drawings kept: 1")
    assert warns(page), "a drawing would be lost"


def test_leaving_does_not_warn_after_the_page_was_taken_home(opened, path, tmp_path):
    page = opened(path)
    press(page, "Step")
    wait_for(page, "^Steps: 1, ")
    unfold(page, "Take it home")
    save(page, "Take it home", tmp_path)
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
        page.get_by_role("link", name="What the words mean").click()
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
    mistakes = page.locator("[data-name=mistakes-figure]")
    expect(mistakes).to_contain_text("Here you will see what it misreads.")
    press(page, "Train a new network")
    wait_for(page, "^Steps: [0-9]+,.* it reads [0-9]+")
    assert places(page) == first, "the training moves something"
    assert page.locator("[data-name=mistakes] canvas").count() > 10
    expect(mistakes).not_to_contain_text("Here you will see")
    expect(mistakes).to_contain_text("The number says what the network read.")
    press(page, "Pause")


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
    press(page, "Train a new network")
    answer = page.locator(".pad-answer")
    expect(answer).to_have_attribute("aria-live", "off")
    for steps in ("[0-9]+", "[2-9]"):
        wait_for(page, f"^Steps: {steps}")
        expect(answer).to_contain_text("The network says")  # it is never blank
    assert page.inner_text("[data-name=train]") == "Pause"
    assert page.get_by_text("Watch the green curve").is_visible()
    press(page, "Pause")
    values = page.locator(SETTINGS).evaluate_all(VALUES)
    assert values == ["small", "mnist", "0.003", "64", "1"]
    wait_for(page, "^Steps: [0-9]+,.* it reads [0-9]+")  # the last numbers stay
    assert page.inner_text("[data-name=train]") == "Train"
    press(page, "Back to the trained network")
    assert map_pictures(page) == before
    assert page.get_by_role("button", name="Back to the trained network").is_hidden()
    press(page, "Train a new network")


@pytest.mark.parametrize("choice", ["a setting", "an experiment", "an address", "a drawing"])
def test_a_network_that_somebody_has_chosen_or_taught_is_trained_itself(opened, path, choice):
    page = opened(path)
    large = page.locator("[data-name=train]")
    assert large.inner_text() == "Train a new network"
    if choice == "a setting":
        choose(page, "Learning rate", "0.001")
    elif choice == "an experiment":
        unfold(page, "Experiments")
        page.get_by_role("link", name="teach it your 7").click()
        expect(page.locator(".train-look")).to_contain_text("Draw a 7 as you write it")
    elif choice == "an address":
        page.evaluate("location.hash = '#train=trained,both,0.0007,32,1'")
    else:
        Pad(page.locator(".pad")).draw(SEVEN)
        page.get_by_role("group", name="Wrong?").get_by_role("button", name="7").click()
        wait_for(page, "^Steps: 10, ")
    expect(large).to_have_text("Train")
    assert page.locator("[data-name=network]").input_value() == "trained"


def test_a_button_opens_one_step_in_numbers_and_takes_a_step_where_none_was_the_last(view):
    page, wrong = view()
    press(page, "One step in numbers")
    first = read_step(page)
    wait_for(page, "^Steps: 1, ")
    press(page, "One step in numbers")  # which closes it
    assert page.locator("[data-name=numbers]").inner_text() == ""
    press(page, "One step in numbers")
    assert read_step(page) == first
    wait_for(page, "^Steps: 1, ")  # it is the same step
    assert wrong == []


def test_a_double_click_opens_one_step_in_numbers_and_takes_no_second_step(view):
    page, _wrong = view()
    button = page.locator(".train").get_by_role("button", name="One step in numbers")
    button.dblclick()
    expect(button).to_have_attribute("aria-expanded", "true")
    read_step(page)
    wait_for(page, "^Steps: 1, ")
    button.click()
    button.dblclick()
    page.wait_for_timeout(300)
    expect(button).to_have_attribute("aria-expanded", "true")


def test_networks_and_steps_that_are_shown_no_more_leave_the_memory(view):
    page, _wrong = view()
    button = page.locator(".train").get_by_role("button", name="One step in numbers")
    session = page.context.new_cdp_session(page)

    def show_step_and_begin_again():
        button.click()
        read_step(page)
        button.click()
        press(page, "Begin again")

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
    button = page.get_by_role("button", name="One step in numbers")
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
    link = page.get_by_role("button", name="Your own signs")
    expect(link).to_be_in_viewport(ratio=1)
    link.click()
    expect(page.locator(".train-card").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.activeElement.textContent") == "Your signs"
    page.get_by_role("button", name="Back to the pad").click()
    paper = page.locator(".pad-paper")
    expect(paper).to_be_in_viewport(ratio=1)
    assert paper.evaluate("paper => paper === document.activeElement")
    page.set_viewport_size(WIDE)
    expect(link).to_be_hidden()  # the cards are beside the pad


def test_a_link_to_the_settings_says_where_it_is_and_takes_nothing_back(taught):
    unfold(taught, "Take it home")
    taught.get_by_role("link", name="A link to").click()
    taught.get_by_text(re.compile("link is copied|address of this page")).wait_for()
    assert "#train=trained,both,0.0007,32,1" in taught.url
    Pad(taught.locator(".pad")).says("The network says 2")


def test_a_page_says_which_layers_it_trains_in_another_way_than_keras(opened, path, artifacts):
    """It does so for a network that has such layers, and as long as that network is chosen."""
    page = opened(path)
    page.locator("summary", has_text="Settings").click()
    said = page.get_by_text("leaves out dropout")
    expect(said).to_be_hidden()
    page = opened(take_home.write_page(network("normalised")).path)
    page.locator("summary", has_text="Settings").click()
    said = page.get_by_text("leaves out dropout")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Batch normalization keeps the means and variances")
    choose(page, "Network", "small: two convolutions")
    expect(said).to_be_hidden()


def test_begin_again_brings_back_the_network_that_was_there_first(opened, path):
    page = opened(path)
    Pad(page.locator(".pad")).draw(SEVEN)
    before = map_pictures(page)
    press(page, "Step")
    wait_for(page, "^Steps: 1, ")
    assert map_pictures(page) != before
    press(page, "Begin again")
    assert map_pictures(page) == before
    wait_for(page, "^A new network begins")


def test_settings_in_the_address_are_followed_where_all_of_them_fit(opened, path):
    page = opened(path)
    settings = page.locator(SETTINGS)
    page.evaluate("location.hash = '#train=small,own,0.003,17,7'")  # no such batch: it is ignored
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32", "1"]
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    page.get_by_text("Draw each sign three times").wait_for()
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
    expect(page.locator(".train-status")).to_contain_text("Steps: 2, images: 32")
    expect(page.locator(".explain-step", has_text="After the step")).to_be_in_viewport()
    assert link(page) == address
    assert axe_violations(page, ".viewer") == []


def test_an_address_opens_a_step_at_a_number_of_an_image_of_the_batch(opened, path, second_step):
    page = opened(path)
    address = f"{SMALL}&step=2&number=2,3,4,5&image=3"
    page.evaluate("address => { location.hash = address; }", address)
    title = page.locator("[data-name=numbers] .explain-title[aria-live]:visible")
    expect(title).to_contain_text("MaxPooling2D 1, map 5, row 3, column 4: ", timeout=120_000)
    value = second_step["values"][3][2][np.ravel_multi_index((3, 4, 5), (8, 8, 16))]
    assert float(title.inner_text().split(": ")[1]) == pytest.approx(value, abs=1e-4)
    backward = page.locator(".explain-step", has_text="Backpropagation: image 3 of the batch")
    expect(backward).to_be_in_viewport()
    expect(page.locator("[data-name=numbers]")).to_contain_text("with image 3 of the batch")
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
    "name, says, steps, learned, new",
    [
        ("from random weights", "it reads more than 70%", 30, (0, 1), (0.7, 1)),
        ("overfit it", "After 80 steps it reads all of them", 80, (0.97, 1), (0.72, 0.85)),
        ("shuffle the labels", "rises above 90%", 240, (0.9, 1), (0.03, 0.18)),
        ("too large a step", "After 20 steps the network still reads", 20, (0, 1), (0, 0.3)),
    ],
)
def test_an_experiment_ends_as_its_sentence_says(chromium, widget, name, says, steps, learned, new):
    """The page chooses the settings, and the page's engine takes the steps without its view."""
    page = chromium.new_page()
    show_widget(page, widget)
    unfold(page, "Experiments")
    page.get_by_role("link", name=name).click()
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
    numbers = page.locator("[data-name=numbers]")
    numbers.get_by_role("group", name="Kernel").locator("button").nth(7).click()
    assert link(page) == f"{SMALL}&step=1&weight=1,1,2,0,5"
    page.keyboard.press("Escape")
    assert link(page) == SMALL
    press(page, "Step")
    wait_for(page, "^Steps: 2, ")
    kernels = page.locator("[data-name=filters] canvas")
    kernels.press("Enter")  # which marks the first one
    kernels.press("Enter")
    assert re.fullmatch(rf"{SMALL}&step=2&number=1,[0-9]+,[0-9]+,0", link(page))
    choose(page, "Learning rate", "0.1")  # the next step has another rate than the first two
    press(page, "Step")
    wait_for(page, "^Steps: 3, ")
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
    text = f"Steps: {steps}, images: {16 * steps}" if steps else "It has learned nothing yet"
    wait_for(page, text)
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
    wait_for(page, "^Steps: 2, images: 32")
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
    card = page.locator(".train-card").nth(1)
    card.get_by_role("button", name="Keep the drawing on the pad").click()
    press(page, "Train")
    wait_for(page, "^Steps: [0-9]+,.* It reads 3 of your 3 drawings")
    press(page, "Pause")
    rename(page, 1, NAMES[1])  # which is the same, so what was learned stays
    unfold(page, "Take it home")
    folder = tmp_path_factory.mktemp("signs")
    page.file, page.home = (
        save(page, name, folder) for name in ("Save the drawings", "Take it home")
    )
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
    unfold(page, "Your signs")
    unfold(page, "Experiments")
    parts = [
        page.locator(".train").get_by_text(text)
        for text in (
            "Experiments",
            "Each of these sets everything",
            "new images",
            "Mistakes",
            "of MNIST, a",
        )
    ]
    for part in parts:
        expect(part).to_be_visible()
    name_signs(page, ["A", "B"])
    for part in parts:
        expect(part).to_be_hidden()
    expect(page.get_by_text("Three drawings of each are enough to begin.")).to_be_visible()
    press(page, "Back to the ten digits")
    for part in parts:
        expect(part).to_be_visible()
    expect(page.get_by_text("Three drawings of each are enough to begin.")).to_be_hidden()


def test_the_scores_of_signs_have_their_names(signs):
    last = signs.locator(".viewer-maps .viewer-layer[data-kind=Dense]").last
    last.locator(".map > canvas").press("Enter")
    scores = signs.get_by_role("group", name="All 3 scores")
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
    unfold(page, "Your signs (3)")
    assert page.locator(".train li").count() == 3
    assert page.inner_text(".train-status").strip() == ""  # it has been trained: nothing to draw


def test_drawings_that_are_loaded_bring_their_names_and_get_the_new_name_of_their_class(
    opened, path, signs, tmp_path
):
    page = opened(path)
    unfold(page, "Your signs")
    page.locator(".train .pad-file").set_input_files(signs.file)
    page.get_by_role("group", name=NAMES[1], exact=True).get_by_role("listitem").wait_for()
    assert page.locator(".pad-class").all_inner_texts() == NAMES
    rename(page, 1, "square")
    names = [NAMES[0], "square", NAMES[2]]
    assert page.locator(".pad-class").all_inner_texts() == names
    drawings, _rendered = drawing_files.read_file(save(page, "Save the drawings", tmp_path), names)
    assert [drawing["label"] for drawing in drawings] == [0, 2, 1]
    press(page, "Train")
    for _drawing in drawings:  # when the last one is gone, there is nothing to learn
        page.locator(".train li button").first.click()
    wait_for(page, "Draw each sign three times")


@pytest.mark.parametrize(
    "name, says",
    [
        ("A", "Another class has this name, or a name that looks the same."),
        ("", "A name needs a letter or a sign, and no characters that nobody can see."),
        ("w" * 25, "This name is too long. A name has 20 characters at most."),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_below_its_field(opened, path, name, says):
    page = opened(path)
    name_signs(page, ["A", "B"])
    rename(page, 1, name)
    message = page.get_by_text(says)
    expect(message).to_be_in_viewport()
    field = page.get_by_label("Name of class 2")
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
        assert "the trained one" not in offered.all_inner_texts()
        assert page.locator("[data-name=source]").input_value() == "own"
    unfold(page, "Take it home")
    assert opened(save(page, "Take it home", tmp_path)).title() == "A network that reads: a · b,c"
    press(page, "Back to the ten digits")  # which the trained network reads
    settings = page.locator("[data-name=settings] select")
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32"]


def test_a_class_comes_and_goes_as_a_card_and_none_goes_with_drawings(opened, path):
    page = opened(path)
    small = page.locator(".train-card-small")
    unfold(page, "Your signs")
    assert small.count() == 10  # so that the digits are no wall
    assert max(box["height"] for box in (card.bounding_box() for card in small.all())) < 45
    name_signs(page, ["A", "a name that is long"])
    press(page, "Add a class")
    expect(page.get_by_label("Name of class 3")).to_be_focused()
    assert page.locator(".pad-class").all_inner_texts() == ["A", "a name that is long", "Sign 1"]
    press(page, "Keep the drawing on the pad as A")
    wait_for(page, "Draw it on the pad first")
    expect(page.locator(".pad-paper")).to_be_focused()
    Pad(page.locator(".pad")).draw(SEVEN)
    press(page, "Keep the drawing on the pad as Sign 1")
    card = page.get_by_role("group", name="Sign 1", exact=True)
    card.get_by_role("button", name="Remove the class").click()
    expect(card).to_contain_text("Press × beside each of its drawings first")
    card.get_by_role("button", name="Take away drawing 1").click()
    card.get_by_role("button", name="Remove the class").click()
    assert page.locator(".pad-class").all_inner_texts() == ["A", "a name that is long"]
    assert page.get_by_role("button", name="Remove the class").count() == 0  # two are needed
    bar = page.locator(".pad-class").nth(1)
    assert bar.evaluate("name => name.scrollWidth <= name.clientWidth"), "a long name is cut"


def test_while_it_trains_the_pad_answers_says_what_is_wrong_and_what_to_do(opened, path):
    page = opened(path)
    page.evaluate("location.hash = '#train=one,mnist,0.003,64,1'")
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    page.locator("[data-name=train]").dblclick()  # which starts it once
    wait_for(page, r"^Steps: \d+, ")
    assert page.inner_text("[data-name=train]") == "Pause"
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
    press(page, "Pause")


def test_lack_of_memory_is_said_and_the_next_press_tries_again(view):
    page, wrong = view()
    page.evaluate(LACKS_MEMORY)
    press(page, "Step")
    wait_for(page, "^This device lacks memory")
    page.evaluate("Response.prototype.arrayBuffer = read; 0")
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64 Accuracy")
    assert wrong == []


def test_a_network_learns_digits_pauses_and_shows_its_mistakes(view):
    page, wrong = view()
    press(page, "Train")
    wait_for(page, r"Of 500 digits that it doesn't learn from, it reads [3-4]\d\d")
    press(page, "Pause")
    expect(page.locator(".pad-answer")).to_contain_text("The network says")
    assert 10 < page.locator("[data-name=mistakes] canvas").count() <= 24
    assert page.evaluate("alive") > 0
    page.evaluate("end()")
    assert page.evaluate("alive") == 0 and wrong == []


def test_shuffled_labels_are_learned_by_heart_and_nothing_else_is(view):
    page, wrong = view()
    choose(page, "Images to learn from", "100 of MNIST, with shuffled labels")
    press(page, "Train")
    wait_for(page, r"(9\d\.\d|100\.0)%\. +Of 500 digits.*, it reads [12]?\d?\d ")
    press(page, "Pause")
    assert wrong == []


def test_a_kept_curve_stays_as_it_is_while_the_run_goes_on(view):
    page, wrong = view()
    press(page, "Train")
    wait_for(page, r"^Steps: ([2-9]\d|\d{3})")
    press(page, "Pause")
    press(page, "Keep this curve")
    _filters, kept, _training, validation, *_accuracy = page.evaluate(CURVES)
    count = kept.count(",")
    # A step that was under way when Pause was pressed may still add a point to the run.
    assert "learning rate 0.003" in page.inner_text("[data-name=kept]")
    assert count > 1 and validation.startswith(kept)
    press(page, "Train")
    page.wait_for_function(f"count => ({CURVES})[3].split(',').length > count + 2", arg=count)
    press(page, "Pause")
    assert page.evaluate(CURVES)[1].count(",") == count
    choose(page, "Network", "small: two convolutions")
    assert page.get_by_role("button", name="Keep this curve").is_disabled()  # there is none yet
    assert "learning rate 0.003" in page.inner_text("[data-name=kept]")
    assert page.evaluate(CURVES)[1].count(",") == count and wrong == []


def test_long_steps_round_a_probability_to_zero_and_the_training_goes_on(view):
    page, wrong = view()
    choose(page, "Network", "small: two convolutions")
    choose(page, "Learning rate", "0.1")
    press(page, "Train")
    wait_for(page, r"^Steps: ([2-9]|\d\d)")
    press(page, "Pause")
    assert wrong == []


def test_a_single_layer_speaks_of_rows_and_columns_and_shows_the_chosen_place(view):
    page, wrong = view()
    page.set_viewport_size(PHONE["viewport"])
    page.get_by_label("Look inside").check()
    page.locator("[data-kind=Dense] .map > canvas").press("Enter")
    explanation = page.locator(".explain:visible")
    expect(explanation).to_contain_text(re.compile(r"Row \d+, column \d+: \d"))
    assert "map" not in explanation.inner_text().lower()
    table = explanation.locator(".explain-part", has=page.get_by_role("group", name="What each"))
    box, cell = table.bounding_box(), table.locator(".number-chosen").bounding_box()
    assert box["x"] <= cell["x"] and cell["x"] + cell["width"] <= box["x"] + box["width"] + 1
    assert wrong == []


def test_one_step_is_shown_in_numbers(view):
    page, wrong = view()
    choose(page, "Network", "small: two convolutions")
    for number in (1, 2, 3, 4):  # at the last, no two biases are the same
        press(page, "Step")
        wait_for(page, f"^Steps: {number}, ")
    kernels = page.locator("[data-name=filters] canvas")
    box = kernels.bounding_box()
    kernels.click(position={"x": 0.3 * box["width"], "y": 0.7 * box["height"]})
    numbers = page.locator("[data-name=numbers]")
    shown = [read_step(page)]
    numbers.get_by_role("group", name="Kernel").locator("button").nth(3).click()
    shown.append(read_step(page))
    for key in ("ArrowRight", "ArrowDown", "Enter"):  # the first one marks the first kernel
        kernels.press(key)
    page.keyboard.press("ArrowRight")  # from the weight to the bias
    assert len({*shown, read_step(page)}) == 3
    assert axe_violations(page, ".viewer") == []
    number = numbers.locator(".explain-title[aria-live]:visible").inner_text()
    for text in ("image ", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense"):
        numbers.locator(".explain-step .pad-button:visible", has_text=text).first.click()
    expect(numbers).to_contain_text("p \u2212 y, the error")
    read_step(page)  # of a weight of the last layer
    while (back := numbers.get_by_role("button", name="Back to where")).is_visible():
        back.click()
    assert numbers.locator(".explain-title[aria-live]:visible").inner_text() == number
    page.keyboard.press("Escape")
    expect(numbers.locator(".explain:visible")).to_have_count(0)
    press(page, "Begin again")
    assert numbers.inner_text() == "" and wrong == []


def test_where_workers_fail_the_page_itself_trains_the_same_and_says_so(view):
    shown = []
    for change, fails in (COUNT_WORKERS, False), (FAIL, True), (SILENT, True):
        page, _wrong = view(change)
        unfold(page, "Settings")
        page.get_by_label("Seed").fill("7")
        press(page, "Step")
        wait_for(page, "^Steps: 1, images: 64 Accuracy")
        assert ("A worker of the browser has failed" in page.inner_text(".train")) == fails
        shown.append(page.evaluate(CURVES))
    assert shown[0] == shown[1] == shown[2]


def test_the_same_seed_begins_and_steps_the_same_and_a_step_changes_the_answer(view):
    page, wrong = view()
    page.get_by_label("Look inside").check()
    assert page.locator(".viewer-layer:visible").count() == 3
    untrained = map_pictures(page)
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64 Accuracy")
    filters, _kept, _training, validation, *_accuracy = page.evaluate(CURVES)
    press(page, "Keep this curve")
    press(page, "Begin again")
    assert map_pictures(page) == untrained
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64 Accuracy")
    trained = map_pictures(page)
    assert untrained[0] == trained[0] and untrained[2] != trained[2]  # the image, and the answer
    again = page.evaluate(CURVES)
    assert again[1] == again[3] == validation and again[0] == filters and wrong == []


def test_a_loss_that_is_no_number_stops_the_training_and_is_said(view):
    page, _wrong = view()
    page.evaluate("Math.log = () => NaN; Worker = null; 0")
    press(page, "Step")
    wait_for(page, "It diverged")


def test_a_file_that_holds_no_drawings_is_named_where_it_was_chosen(opened, path, tmp_path):
    page = opened(path, **PHONE)
    unfold(page, "Your signs")
    (bad := tmp_path / "bad.json").write_text("{}")
    page.locator(".train .pad-file").set_input_files(bad)
    expect(page.get_by_text("This is no file of drawings.")).to_be_in_viewport()


def test_drawings_that_are_loaded_twice_are_kept_once(opened, path, signs):
    page = opened(path)
    unfold(page, "Your signs")
    for _time in range(2):
        page.locator(".train .pad-file").set_input_files(signs.file)
        page.locator(".train li").nth(2).wait_for()
    expect(page.get_by_text("All drawings of this file are here already.")).to_be_in_viewport()
    assert page.locator(".train li").count() == 3


@pytest.mark.parametrize(
    "name", ["a\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}a", " ", "\N{HANGUL FILLER}"]
)
def test_of_a_name_that_nobody_can_see_the_sentence_says_so(opened, path, name):
    page = opened(path)
    name_signs(page, ["A", "B"])
    rename(page, 1, name)
    expect(page.get_by_text("A name needs a letter or a sign")).to_be_in_viewport()


def test_names_that_look_the_same_are_the_same(opened, path):
    page = opened(path)
    name_signs(page, ["\u00e9", "B"])
    rename(page, 1, "e\u0301")
    expect(page.get_by_text("a name that looks the same")).to_be_in_viewport()
    with pytest.raises(ValueError, match="different names"):
        classes.check_names(["\u00e9", "e\u0301"])


def test_a_file_says_why_a_new_network_stays_behind_the_trained_one(opened, path, view):
    page = opened(path)
    press(page, "Train a new network")
    wait_for(page, "Steps: ")
    note = page.get_by_text("This file has only 300 digits to learn from")
    expect(note).to_be_visible()
    curves = page.locator("[data-name=curves]").bounding_box()
    assert curves["y"] < note.bounding_box()["y"] < curves["y"] + curves["height"]
    notebook, _wrong = view()
    expect(notebook.get_by_text("digits to learn from")).to_be_hidden()


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
    figure = page.locator("figure", has=page.locator("[data-name=filters]"))
    expect(figure).to_contain_text("The first layer: 8 images of weights for map 0")
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
