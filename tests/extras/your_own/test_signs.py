"""Classes of one's own: their names, a data set of them, and the network that learns them."""

import base64
import html
import io
import json
import os
import re
import unicodedata
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import center_of_mass

from helpers.common import classes
from helpers.common.files import artifacts
from helpers.drawing import drawing_files
from helpers.extras.your_own import plots, signs
from helpers.extras.your_own.collecting import CollectingPad
from helpers.saved.models import load_model, path_to_save, trained_model
from helpers.widgets import take_home
from tests.browser import ONE, SEVEN, Pad, show_widget
from tests.cells import code_cells, run_cell
from tests.networks import layers, sequential
from tests.scratch import file_contents

# Markup, letters that run from right to left, an emoji of three, and as long as a name may be.
NAMES = ["<b>&amp;</b>", "\u05d0\u05d1", "\U0001f469\u200d\U0001f52c", "w" * 20]
LINKS = pytest.mark.skipif(os.name != "posix", reason="Windows lets few people make a link")
BAD = ["A", ["A"], ["A", "A"], ["A", ""], ["A", " "], ["A", "w" * 21], ["A", "b\nc"], ["A", 1]]
BAD += [["A", "\ud800"], [*map(str, range(27))], None, {"A", "B"}, 3, [], np.array([["A", "B"]])]


def network_of_signs(names):
    model = sequential(layers.Flatten(), layers.Dense(len(names), activation="softmax"))
    model.classes = names
    return model


def test_a_name_is_any_text_in_one_line():
    assert classes.check_names(NAMES) == tuple(NAMES)
    for names in BAD:
        with pytest.raises(ValueError, match=r"^classes: got .*, expected 2 to 26 different names"):
            classes.check_names(names)
    with pytest.raises(ValueError, match=r"got \[0, 1, .* each a text such as '0'$"):
        classes.check_names(np.arange(10))
    with pytest.raises(ValueError, match=r"model\.classes: got 3, expected 4"):
        (model := network_of_signs(NAMES)).classes = NAMES[:3]
        take_home.page_text(model)


LISTS = [NAMES, ("A", "B"), np.array(["A", "B"]), np.array(["A", "B"], object)]


@pytest.mark.parametrize("names", [*LISTS, [chr(65 + n) for n in range(26)]])
def test_the_names_go_along_in_the_file_and_that_of_digits_stays(artifacts, names):
    model, before = network_of_signs(names), file_contents(artifacts)
    with path_to_save(model) as path:
        model.save(path)
    assert before.items() <= file_contents(artifacts).items()
    loaded = load_model(artifacts / "my_signs.keras")
    assert classes.names_of_model(loaded) == tuple(names)
    images = np.random.default_rng(0).random((3, 28, 28, 1), "float32")
    np.testing.assert_array_equal(loaded(images), model(images))
    (artifacts / "my_signs.keras").rename(artifacts / "mnist_cnn.keras")
    assert trained_model()[1].endswith("for yours reads no digits")


def test_families_of_one_design_are_held_out_together():
    sources = [cell.source for cell in code_cells("extras/your_own")]
    (line,) = (line for source in sources for line in source.split("\n") if "designs = np" in line)
    run_cell(line, names := {"np": np})
    prefixes = ("DejaVu", "STIX", "cm")
    paths = signs._font_files()
    designs = [[path.stem.startswith(prefix) for prefix in prefixes].index(True) for path in paths]
    assert names["designs"].repeat(4).tolist() == designs


def test_a_class_name_cannot_end_the_data_of_a_page():
    text = take_home.fill_template({"classes": ["</script><b>", "B"]})
    assert text.count("</script>") == text.count("<script") and "<b>" not in text


def drawn(*labels, names=NAMES):
    """Return a file of drawings, each a little different, as the pad saves it."""
    digits = [{"label": n, "strokes": [[[50, 60 + i], [200, 60]]]} for i, n in enumerate(labels)]
    return json.dumps({"hello-mnist digits": 1, "classes": names, "digits": digits})


def test_drawings_and_pictures_of_any_size_are_read(tmp_path):
    images, labels, writers = signs.read_signs(tmp_path, NAMES)
    assert images.shape == (0, 28, 28) and len(labels) == len(writers) == 0
    (tmp_path / "a.json").write_text(drawn(1, 3), encoding="utf-8")
    (tmp_path / "b.json").write_text(drawn(0, names=NAMES[:0:-1]), encoding="utf-8")
    (tmp_path / "c.json").write_text(drawn(2), encoding="utf-8")
    (tmp_path / "B.json").write_text(drawn(), encoding="utf-8")  # taken back, all of them
    (tmp_path / "._a.json").write_bytes(b"what macOS keeps beside a file")
    (tmp_path / NAMES[3]).mkdir()
    for name, sides in {"1.png": (40, 60), "2.jpg": (900, 500)}.items():
        photo = np.full(sides, 230, np.uint8)
        photo[sides[0] // 3 : sides[0] // 2, sides[1] // 3 : sides[1] // 2] = 20
        Image.fromarray(photo).save(tmp_path / NAMES[3] / name)
    for hidden in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (tmp_path / NAMES[3] / hidden).write_bytes(b"what a system keeps beside pictures")
    images, labels, writers = signs.read_signs(tmp_path, NAMES)
    assert labels.tolist() == [1, 3, 3, 2, 3, 3] and writers.tolist() == [1, 1, 2, 3, 4, 4]
    assert images.shape == (6, 28, 28) and (images.max(axis=(1, 2)) == 255).all()

    assert len(signs.read_signs(tmp_path / NAMES[3], [".", "..", "/"])[0]) == 0
    (tmp_path / NAMES[3] / "3.png").write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"w/3\.png: This file isn't a picture"):
        signs.read_signs(tmp_path, NAMES)


def test_drawings_of_a_class_that_was_renamed_are_kept_and_the_message_says_what_to_do(tmp_path):
    path = tmp_path / "my_signs.json"
    path.write_text(drawn(0, 1, 0, names=["Herz", "Stern"]), encoding="utf-8")
    with pytest.raises(ValueError) as error:
        signs.read_signs(tmp_path, ["Herzen", "Stern"])
    message = str(error.value)
    assert message.startswith("my_signs.json: the drawing pad saved drawings of Herz in this file")
    assert "your classes are Herzen, Stern." in message and str(tmp_path) in message
    assert "another file" not in message and "Take it out" not in message
    with pytest.raises(ValueError, match="drawings of Herz, Stern in this file"):
        CollectingPad(["A", "B"], path)
    assert len(signs.read_signs(tmp_path, ["Herz", "Stern", "Kreis"])[0]) == 3


def test_a_folder_that_is_called_as_a_file_of_drawings_is_named(tmp_path):
    (tmp_path / "old.json").mkdir()
    with pytest.raises(ValueError, match=r"^old\.json: got a folder, expected a file that"):
        signs.read_signs(tmp_path, NAMES)


def test_a_link_to_nothing_among_the_drawings_is_named(tmp_path):
    (tmp_path / "old.json").symlink_to(tmp_path / "moved away")
    with pytest.raises(ValueError, match=r"^old\.json: got no file, expected a file that"):
        signs.read_signs(tmp_path, NAMES)


def folder_of(path, name="1.png"):
    """Make a folder with a picture of a block of ink."""
    path.mkdir(parents=True)
    photo = np.full((60, 40), 230, np.uint8)
    photo[20:30, 10:20] = 20
    Image.fromarray(photo).save(path / name)
    return path


def test_a_class_folder_is_found_whichever_way_its_accents_are_written(tmp_path):
    """A Mac writes é as e and an accent, and a learner types one character."""
    typed = unicodedata.normalize("NFC", "é")
    folder_of(tmp_path / unicodedata.normalize("NFD", typed))
    assert signs.read_signs(tmp_path, ["a", typed])[1].tolist() == [1]


@LINKS
def test_a_class_folder_may_be_a_link(tmp_path):
    pictures = folder_of(tmp_path / "elsewhere" / "pictures")
    (folder := tmp_path / "signs").mkdir()
    (folder / "A").symlink_to(pictures)
    folder_of(folder / "B")
    assert signs.read_signs(folder, ["A", "B"])[1].tolist() == [0, 1]
    (pictures / "1.png").unlink()
    pictures.rmdir()
    with pytest.raises(ValueError, match=r"^A: .*No such file"):
        signs.read_signs(folder, ["A", "B"])


@LINKS
def test_a_folder_that_two_classes_have_is_named(tmp_path):
    """As where the system takes A and a for one; here a link stands in for that."""
    folder_of(tmp_path / "A")
    assert signs.read_signs(tmp_path, ["A", "b"])[1].tolist() == [0]
    (tmp_path / "b").symlink_to(tmp_path / "A")
    with pytest.raises(ValueError, match=r"^A and b are the same folder here"):
        signs.read_signs(tmp_path, ["A", "b"])


def test_of_pictures_alone_each_class_teaches_and_is_tested(capsys):
    (cell,) = (c.source for c in code_cells("extras/your_own") if "rounds =" in c.source)
    labels = np.repeat([0, 1, 2], 5)
    read = Mock(return_value=(np.zeros((15, 28, 28), np.uint8), labels, np.zeros(15, int)))
    space = {
        "np": np,
        "signs": Mock(read_signs=read),
        "my_folder": None,
        "classes": "xyz",
        "letters": "",
    }
    run_cell(cell, space)
    assert {*labels[space["teaches"]]} == {*labels[~space["teaches"]]} == {0, 1, 2}
    assert capsys.readouterr().out == "15 drawings or pictures, of which 9 teach\n"


def test_printed_letters_are_the_same_each_time_and_a_missing_one_is_named():
    images, labels, faces = signs.print_signs(["I", "O"], copies=2)
    assert images.shape == (80, 28, 28) and [*np.bincount(faces)] == [4] * 20
    assert (images == signs.print_signs("IO", copies=2)[0]).all()
    widths = (images > 99).any(axis=1).sum(axis=1)  # of an I and an O
    assert widths[labels == 0].max() < widths[labels == 1].max()
    with pytest.raises(ValueError, match=r"^\u4e2d: Matplotlib's faces have no such letter"):
        signs.print_signs(["\u4e2d", "A"])


def test_printed_letters_have_many_sizes_and_are_turned(monkeypatch):
    monkeypatch.setattr(signs, "to_mnist", lambda drawing: drawing)  # which gives all one size
    images, labels, _faces = signs.print_signs(["I", "O"], copies=8)
    heights = (images[labels == 1] > 99).any(axis=2).sum(axis=1).reshape(20, 8)
    assert (heights.max(axis=1) > 1.2 * heights.min(axis=1)).mean() > 0.8  # within one face
    middles = [center_of_mass(half)[1] for i in images[labels == 0] for half in (i[:140], i[140:])]
    leaning = np.diff(np.reshape(middles, (20, 8, 2))).squeeze()  # of an I, top to bottom
    assert (np.ptp(leaning, axis=1) > 8).mean() > 0.8


def test_a_field_of_the_matrix_shows_up_to_twelve_images_as_dark_ink_on_paper():
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    labels = np.repeat([0, 1], [12, 18])
    text = plots.ConfusionMatrix(images, labels, labels, ["a", "b"])._repr_html_()
    opened = [io.BytesIO(base64.b64decode(png)) for png in re.findall(r"base64,([^\"]+)", text)]
    twelve, nine = (np.asarray(Image.open(png)) for png in opened)
    rows = [np.hstack(255 - images[first : first + 4]) for first in (0, 4, 8)]
    np.testing.assert_array_equal(twelve, np.vstack(rows))
    assert nine.shape == (84, 112)  # every second of the eighteen, and blank paper
    np.testing.assert_array_equal(nine[:28, 28:56], 255 - images[14])
    assert (nine[56:, 28:] == 255).all()


def test_a_field_of_the_matrix_opens_the_images_that_it_counts():
    images = np.arange(5, dtype=np.uint8).repeat(784).reshape(5, 28, 28)
    labels, guesses = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 1])
    text = plots.ConfusionMatrix(images, labels, guesses, NAMES[:2])._repr_html_()
    counts = re.findall(r"(?<=<summary>)\d+|(?<=<td>)\d+", text)
    assert counts == ["1", "2", "0", "2"] and text.count("<img") == 3
    assert NAMES[0] not in text and text.count(html.escape(NAMES[0])) == 5


def test_a_page_refuses_images_that_are_prepared_and_the_page_before_stays():
    path = take_home.write_page(network_of_signs(NAMES)).path
    before = path.read_bytes()
    prepared = np.zeros((2, 28, 28, 1), "float32")
    with pytest.raises(ValueError, match=r"images: got float32 .*, expected uint8"):
        take_home.write_page(network_of_signs(NAMES), images=prepared)
    assert path.read_bytes() == before


def test_the_file_to_take_home_answers_by_name_as_it_is_written(opened):
    images = np.stack([np.rot90(np.tri(28, dtype=np.uint8), n) * 255 for n in range(3)])
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = opened(take_home.write_page(network_of_signs(NAMES), images=images).path, **options)
    assert (artifacts() / "my_signs.html").exists()
    pad = Pad(page.locator(".pad"))
    assert pad.root.locator(".pad-class").all_inner_texts() == NAMES
    assert page.locator(".map-classes span").all_inner_texts() == NAMES
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    pad.shows_ink()  # one of the images
    pad.press("Another example")
    pad.draw(SEVEN)
    best = pad.root.locator(".pad-best .pad-class").inner_text()
    answer = re.sub("[\u2068\u2069]", "", page.inner_text(".pad-answer"))  # around letters
    assert best in NAMES and f"The network says {best} (" in answer
    pad.press("Clear")
    pad.says("Draw one of: <b>&amp;</b>, ")


def test_a_browser_keeps_three_classes_by_mouse_finger_and_keyboard(chromium, tmp_path):
    path, names = tmp_path / "signs" / "my_signs.json", [*NAMES[:3]]
    pad_of_kernel = CollectingPad(names, path, each=2)
    page = chromium.new_context(has_touch=True).new_page()
    show_widget(page, pad_of_kernel)
    pad = Pad(page.locator(".pad"))

    def deliver():
        state = page.evaluate("({strokes: saved.strokes, collected: saved.collected})")
        pad_of_kernel.set_state(state)
        assert state["strokes"] == [] and pad_of_kernel.problem == ""

    assert page.inner_text(".pad-request") == f"Draw a {names[0]} (1 of 6), then press Next."
    pad.draw(ONE)
    pad.press("Next")
    deliver()
    assert len(drawing_files.read_file(path, names)[0]) == 1  # before the second is there
    pad.touch(SEVEN)
    pad.press("Next")
    pad.draw(ONE)
    pad.press("Next")
    pad.press("Back")
    page.keyboard.type("  ")  # a dot: the paper has the keyboard
    page.keyboard.press("ArrowDown")
    pad.press("Next")
    deliver()
    images, labels, writers = signs.read_signs(path.parent, names)
    assert labels.tolist() == [0, 1, 2] and (images[2] > 0).sum() > 100  # the dot, enlarged
    assert (images[1] != images[0]).any() and not writers.any()

    again = CollectingPad(names, path, each=1)  # goes on, and has all
    assert [drawing["label"] for drawing in again.collected] == [0, 1, 2]
    with pytest.raises(ValueError, match=r"^my_signs\.json: the drawing pad saved drawings of"):
        CollectingPad(["x", "y"], path)


def test_drawings_that_cannot_be_written_are_kept_and_written_with_the_next_stroke(tmp_path):
    path, drawing = tmp_path / "signs" / "my_signs.json", {"label": 0, "strokes": ONE}
    path.parent.write_text("a file where the folder should be")
    pad = CollectingPad(["A", "B"], path)
    pad.set_state({"collected": [drawing]})
    assert str(path.parent) in pad.problem
    path.parent.unlink()
    pad.set_state({"strokes": ONE})
    assert pad.problem == "" and drawing_files.read_file(path, ["A", "B"])[0] == [drawing]
