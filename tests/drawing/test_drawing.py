"""Drawings and pictures become images as MNIST has them, in a browser as in Python."""

import base64
import io
import struct

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import center_of_mass

from helpers import mnist
from helpers.drawing.photo import drawing_from_picture
from helpers.drawing.preparation import CANVAS_SIDE, plain_resize, put_anywhere, to_mnist
from helpers.drawing.strokes import recorded_strokes, render_strokes
from tests.node import run_in_node

FIVE = render_strokes(recorded_strokes())
FIVE_ON_PAPER = Image.fromarray(255 - FIVE)
INK = "(...grey) => findInk(...grey).map((ink) => 255 * ink)"


def answer(model, images):
    """Return the digits that a network reads."""
    images = mnist.prepare(np.stack(list(images)))
    return model.predict(images, batch_size=500, verbose=0).argmax(1)


def picture_file(picture, kind="PNG", **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def box(image):
    rows, columns = np.nonzero(image)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def test_digits_anywhere_keep_their_accuracy_and_become_mnists(shipped_model, mnist_data):
    images, labels = (array[::5] for array in mnist_data[1])
    rng = np.random.default_rng(0)
    canvases = [put_anywhere(image, rng) for image in images]
    for canvas in canvases[:20]:
        assert canvas.shape == (CANVAS_SIDE, CANVAS_SIDE) and 55 <= max(box(canvas)) <= 140
    prepared = [to_mnist(canvas) for canvas in canvases]
    moved, accuracy = ((answer(shipped_model, x) == labels).mean() for x in (prepared, images))
    assert abs(moved - accuracy) <= 0.003
    for image in prepared[:500]:
        assert image.dtype == np.uint8 and image.max() == 255 and max(box(image)) == 20
        assert center_of_mass(image) == pytest.approx([14, 14], abs=0.52)  # grey values are rounded


def test_faint_ink_counts_from_a_tenth_on_a_dot_fills_the_box_and_what_is_lopsided_stays_in():
    drawing = np.pad(np.ones((20, 20)), 20)
    for ink, sides in ((0.09, (20, 20)), (0.11, (13, 20))):
        drawing[20:40, 40:50] = ink
        assert box(to_mnist(drawing)) == sides
    dot = to_mnist(render_strokes([[[200, 30]]]))
    assert box(dot) == (20, 20) and center_of_mass(dot) == pytest.approx([14, 14], abs=0.51)
    lopsided = np.zeros((100, 100))
    lopsided[:, 0] = lopsided[0, :10] = 1
    lopsided[0, 99] = 1  # far from the centre of mass, which is near column 0
    image = to_mnist(lopsided)
    assert box(image) == (20, 20) and image[:, -1].any()


def test_what_is_blank_or_no_drawing_is_refused():
    for blank in (np.zeros((280, 280), np.uint8), np.zeros((0, 280))):
        with pytest.raises(ValueError, match="Draw a digit first"):
            to_mnist(blank)
    for bad in (np.ones((2, 2, 3)), [["a"]], [[np.nan]], [[-1]], None):
        with pytest.raises(ValueError, match="drawing: got"):
            plain_resize(bad)


def test_strokes_are_as_wide_as_the_pen_and_pairs_of_numbers():
    drawing = render_strokes([[[50, 100], [200, 100]]], pen=20)
    assert drawing.shape == (CANVAS_SIDE, CANVAS_SIDE) and set(np.unique(drawing)) == {0, 255}
    assert np.count_nonzero(drawing[:, 125]) in (20, 21)
    assert box(drawing)[1] in range(170, 173)  # the ends are round
    for bad in ([[1, 2]], [[[1, 2, 3]]], [[[1, np.nan]]], [[]], [[["a", 1]]]):
        with pytest.raises(ValueError, match="strokes, one of them: got"):
            render_strokes(bad)
    unequal = r"^strokes, .* got lists of unequal lengths, expected numbers of shape \(points, 2\)$"
    with pytest.raises(ValueError, match=unequal):
        render_strokes([[[1, 2], [3]]])
    for bad in (None, 5):
        with pytest.raises(ValueError, match=r"^strokes: got .*, expected a list of strokes$"):
            render_strokes(bad)


def test_drawings_of_any_pen_and_pictures_of_any_kind_and_size_are_read(shipped_model):
    """The recorded drawing teaches what it should; a phone's photo is turned as held."""
    drawings = [render_strokes(recorded_strokes(), pen) for pen in (1, 4, 10, 40)]
    images = [plain_resize(FIVE), *map(to_mnist, [FIVE, *drawings])]
    assert answer(shipped_model, images).tolist() == [7, 5, 5, 5, 5, 5]

    a_one = Image.fromarray(255 - render_strokes([[[140, y] for y in range(40, 240, 5)]]))
    pictures = [a_one.resize(size) for size in ((28, 28), (100, 40), (40, 100), (3000, 700))]
    pictures += [FIVE_ON_PAPER, FIVE_ON_PAPER.convert("RGBA"), Image.fromarray(FIVE)]
    exif = Image.Exif()
    exif[0x0112] = 6  # as a phone notes how it was held
    turned = picture_file(FIVE_ON_PAPER.transpose(Image.Transpose.ROTATE_90), exif=exif)
    drawings = [drawing_from_picture(file) for file in [*map(picture_file, pictures), turned]]
    assert answer(shipped_model, map(to_mnist, drawings)).tolist() == [1, 1, 1, 1, 5, 5, 5, 5]
    assert max(drawings[3].shape) == 560


def five_with_alpha(mode):
    """Return the five in ink that covers paper without any colour, as drawing apps export it."""
    ink = Image.new("RGBA" if mode == "P" else mode, FIVE_ON_PAPER.size)
    ink.putalpha(Image.fromarray(FIVE))
    return ink.quantize() if mode == "P" else ink


def five_with_transparent_colour(mode):
    """Return the five on black paper, dark grey, of which a note in the file makes black clear."""
    return Image.fromarray((FIVE > 99).astype(np.uint8)).point([0, 60] + 254 * [0]).convert(mode)


KINDS = {
    "black on transparent": (five_with_alpha("RGBA"), {}),
    "grey and alpha": (five_with_alpha("LA"), {}),
    "a palette with alpha": (five_with_alpha("P"), {}),
    "one transparent grey": (five_with_transparent_colour("L"), {"transparency": 0}),
    "one transparent colour": (five_with_transparent_colour("RGB"), {"transparency": (0, 0, 0)}),
    "two colours": (FIVE_ON_PAPER.convert("1"), {}),
    "sixteen bits": (Image.fromarray((255 - FIVE).astype(np.uint16) * 257), {}),
    "chalk in sixteen bits": (Image.fromarray(FIVE.astype(np.uint16) * 257), {}),
    "pale in sixteen bits": (Image.fromarray(40_000 - FIVE.astype(np.uint16) * 100), {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_ink_is_found_on_transparent_paper_and_in_each_kind_of_png(kind):
    picture, options = KINDS[kind]
    drawing = drawing_from_picture(picture_file(picture, **options))
    assert (
        np.abs(drawing.astype(int) - drawing_from_picture(picture_file(FIVE_ON_PAPER))).mean() < 1
    )


def photo(digit, rng, ink):
    """Return a photograph as it might be: a ramp of light, grain, ruled paper, a dark desk."""
    strength = np.zeros((600, 800))
    strength[:, :600] = Image.fromarray(put_anywhere(digit, rng)).resize((600, 600), 2)
    rows, columns = np.mgrid[:600, :800]
    paper = 235 * (1 - 0.4 * (rows / 600 + columns / 800) / 2)
    paper[rows % 60 < 2] *= 0.9
    paper[:, -40:] *= 0.3
    grey = paper * (1 - ink * strength / 255) + rng.normal(0, 6, paper.shape)
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def test_photographs(shipped_model, mnist_data):
    images, labels = (array[:30] for array in mnist_data[1])
    rng = np.random.default_rng(0)
    files = [picture_file(photo(image, rng, ink=0.4), "JPEG", quality=70) for image in images]
    read = answer(shipped_model, [to_mnist(drawing_from_picture(file)) for file in files])
    assert (read == labels).mean() >= 0.92


def test_empty_paper_too_many_pixels_and_what_is_no_picture_are_refused():
    grain = np.random.default_rng(0).normal(200, 8, (600, 800)).astype(np.uint8)
    pale = "dark pen on light paper"
    large = picture_file(Image.new("1", (9000, 9000)), "PNG")[:100]  # the header: no pixel is read
    # A camera's notes, in which the width is a text, and which say that the picture is turned.
    width = struct.pack("<HHI4s", 0x0100, 2, 4, b"abc")
    turned = struct.pack("<HHIi", 0x0112, 3, 1, 6)
    notes = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + width + turned + bytes(4)
    refused = {
        picture_file(Image.fromarray(grain)): pale,
        picture_file(Image.new("L", (1, 1))): pale,
        large: "at most 50,000,000 pixels",
        b"not a picture": "Save it as PNG or JPEG",
        picture_file(FIVE_ON_PAPER)[:200]: "Save it as PNG or JPEG",
        picture_file(FIVE_ON_PAPER, "PPM"): "Save it as PNG or JPEG",
        picture_file(FIVE_ON_PAPER, "JPEG", exif=notes): "Save it as PNG or JPEG",
    }
    for file, message in refused.items():
        with pytest.raises(ValueError, match=message):
            drawing_from_picture(file)


def compute_in_node(module, function, arrays):
    texts = [[base64.b64encode(array.tobytes()).decode(), *array.shape] for array in arrays]
    answers = map(base64.b64decode, run_in_node(module, "compute", [texts, function]))
    return [np.frombuffer(answer, np.uint8).astype(int) for answer in answers]


def random_drawing(rng):
    """Draw strokes that are tiny or large, thin or fat, pale, off the centre or cut by an edge."""
    size = rng.choice([3, 10, 40, 120, 240])
    strokes = rng.uniform(20, 260, 2) + rng.uniform(-size, size, (2, rng.integers(2, 7), 2))
    drawing = render_strokes(strokes.tolist(), pen=int(rng.integers(1, 30)))
    drawing = (drawing * rng.uniform(0.05, 1, drawing.shape)).astype(np.uint8)
    return drawing[rng.integers(20) :, rng.integers(20) :]


def test_drawings_come_out_as_in_python():
    rng = np.random.default_rng(0)
    drawings = [drawing for number in range(120) if (drawing := random_drawing(rng)).any()]
    assert len(drawings) >= 100
    images = compute_in_node("pad/preparation.js", "toMnist", drawings)
    for image, drawing in zip(images, drawings, strict=True):
        assert np.abs(image - to_mnist(drawing).ravel()).max() <= 1
    assert run_in_node("pad/preparation.js", "toMnist", [0] * 12, 3, 4) is None  # it is blank


def test_the_ink_on_photos_comes_out_as_in_python(mnist_data):
    rng = np.random.default_rng(0)
    size = 400, 290  # small enough that nobody reduces it
    photos = [np.array(photo(digit, rng, 0.8).resize(size)) for digit in mnist_data[1][0][:5]]
    strip = np.full((1, 200), 200, np.uint8)  # narrower than what evens out the grain
    strip[0, 100] = 20
    photos += [255 - photos[0], strip]  # chalk
    for ink, grey in zip(compute_in_node("pad/ink.js", INK, photos), photos, strict=True):
        expected = drawing_from_picture(picture_file(Image.fromarray(grey)))
        assert np.abs(ink - expected.ravel()).max() <= 1
