"""Drawings and pictures become images as MNIST has them."""

import io
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from PIL import Image

from helpers import mnist
from helpers.drawing.photo import from_image
from helpers.drawing.preparation import CANVAS, plain_resize, put_anywhere, to_mnist
from helpers.drawing.strokes import recorded_strokes, render_strokes

FIVE = render_strokes(recorded_strokes())
FIVE_ON_PAPER = Image.fromarray(255 - FIVE)
HEAVY = """import sys, helpers.drawing.strokes, helpers.web
from helpers.drawing import to_mnist
print({"tensorflow", "keras", "scipy"} & set(sys.modules))"""


@pytest.fixture(scope="module")
def answer(shipped_model):
    """A function from images to the digits that the network reads."""

    def answer(images):
        images = mnist.prepare(np.stack(list(images)))
        return shipped_model.predict(images, batch_size=500, verbose=0).argmax(1)

    return answer


@pytest.fixture(scope="module")
def reads(answer):
    return lambda picture: answer([to_mnist(from_image(picture))])[0]


def box(image):
    rows, columns = np.nonzero(image)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def centre(image):
    return [(image.sum(axis=axis) @ np.arange(28)) / image.sum() for axis in (1, 0)]


def as_bytes(picture, kind="PNG", **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def test_who_prepares_a_drawing_waits_for_no_heavy_import():
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_digits_anywhere_keep_their_accuracy_and_become_as_mnist_has_them(answer, mnist_data):
    images, labels = (part[::5] for part in mnist_data[1])
    rng = np.random.default_rng(0)
    prepared = [to_mnist(put_anywhere(image, rng)) for image in images]
    right, accuracy = ((answer(some) == labels).mean() for some in (prepared, images))
    assert abs(right - accuracy) <= 0.003
    for image in prepared[:500]:
        assert image.dtype == np.uint8 and image.max() == 255 and max(box(image)) == 20
        assert centre(image) == pytest.approx([14, 14], abs=0.52)  # grey values are rounded


def test_put_anywhere_is_repeatable_and_keeps_the_whole_digit(mnist_data):
    for seed, image in enumerate(mnist_data[1][0][:20]):
        drawing, again = (put_anywhere(image, np.random.default_rng(s)) for s in (seed, seed))
        assert (drawing == again).all() and drawing.dtype == np.uint8
        assert drawing.shape == (CANVAS, CANVAS) and 55 <= max(box(drawing)) <= 140
        share = np.divide(*box(drawing)) / np.divide(*box(image >= 26))  # without the faintest
        assert share == pytest.approx(1, abs=0.1)


def test_place_and_scale_and_strength_of_ink_make_no_difference():
    prepared = to_mnist(FIVE).astype(int)
    moved = np.roll(FIVE, (90, 120), axis=(0, 1))
    for same in (moved, FIVE * 1e-9, FIVE * 1e200, FIVE > 0):
        assert np.abs(to_mnist(same) - prepared).max() <= 1  # of 255, by rounding
    finer = np.kron(FIVE, np.ones((3, 3)))
    assert np.abs(to_mnist(finer) - prepared).max() <= 20  # Pillow averages whole pixels


def test_dots_and_what_is_at_the_edge_or_lopsided(answer):
    dot = to_mnist(render_strokes([[[200, 30]]]))
    assert box(dot) == (20, 20) and centre(dot) == pytest.approx([14, 14], abs=0.51)
    pixel = np.zeros((280, 280))
    pixel[279, 0] = 1
    assert box(to_mnist(pixel)) == (20, 20)
    edge = to_mnist(render_strokes([[[279, y] for y in range(-20, 300, 5)]]))
    assert max(box(edge)) == 20 and answer([edge])[0] == 1
    lopsided = np.zeros((100, 100))
    lopsided[:, 0] = lopsided[0, :10] = 1
    lopsided[0, 99] = 1  # far from the centre of mass, which is near column 0
    image = to_mnist(lopsided)
    assert box(image) == (20, 20) and image[:, -1].any()


@pytest.mark.parametrize("prepare", [to_mnist, plain_resize])
def test_what_is_blank_or_no_drawing_is_refused(prepare):
    with pytest.raises(ValueError, match="Draw a digit first"):
        prepare(np.zeros((280, 280), np.uint8))
    shapes = [np.ones(shape) for shape in (5, (2, 2, 3), (0, 5))]
    for bad in (*shapes, [["a"]], [[1j]], [[np.nan]], [[-1]], None):
        with pytest.raises(ValueError, match="drawing: got"):
            prepare(bad)


def test_strokes_are_as_wide_as_the_pen_and_pairs_of_numbers():
    drawing = render_strokes([[[50, 100], [200, 100]]], pen=20)
    assert drawing.shape == (CANVAS, CANVAS) and drawing.dtype == np.uint8
    assert set(np.unique(drawing)) == {0, 255}
    assert np.count_nonzero(drawing[:, 125]) in (20, 21)
    assert box(drawing)[1] in range(170, 173)  # the ends are round
    assert not render_strokes([]).any()
    for bad in ([[1, 2]], [[[1, 2, 3]]], [[[1, np.nan]]], [[]], [[["a", 1]]]):
        with pytest.raises(ValueError, match="strokes, one of them: got"):
            render_strokes(bad)


def test_the_recorded_drawing_teaches_what_it_should_with_thin_and_fat_pens_too(answer):
    assert answer([to_mnist(FIVE), plain_resize(FIVE)]).tolist() == [5, 7]
    drawings = [render_strokes(recorded_strokes(), pen) for pen in (1, 4, 10, 40)]
    assert answer(map(to_mnist, drawings)).tolist() == [5, 5, 5, 5]


def test_any_mode_polarity_size_and_aspect(reads):
    for mode in ("L", "1", "P", "RGB", "CMYK", "LA", "RGBA", "I", "F"):
        assert reads(FIVE_ON_PAPER.convert(mode)) == 5, mode
    dark, light = (to_mnist(from_image(Image.fromarray(ink))) for ink in (255 - FIVE, FIVE))
    assert np.abs(dark.astype(int) - light).max() <= 8
    one = Image.fromarray(255 - render_strokes([[[140, y] for y in range(40, 240, 5)]]))
    for size in ((28, 28), (100, 40), (40, 100), (2000, 1500), (3000, 700)):
        assert reads(one.resize(size)) == 1, size


def test_transparent_parts_are_paper_and_a_phone_may_be_held_sideways(reads):
    black_ink = np.zeros((CANVAS, CANVAS, 4), np.uint8)
    black_ink[..., 3] = FIVE
    assert reads(Image.fromarray(black_ink)) == 5
    palette = Image.fromarray((FIVE > 0).astype(np.uint8)).convert("P")
    palette.putpalette([0, 0, 0, 0, 0, 0])
    assert reads(as_bytes(palette, transparency=0)) == 5
    exif = Image.Exif()
    exif[0x0112] = 6  # shown, the picture is turned clockwise
    sideways = FIVE_ON_PAPER.transpose(Image.Transpose.ROTATE_90)
    assert reads(as_bytes(sideways, "JPEG", exif=exif)) == 5


def test_a_large_picture_of_16_bits_is_reduced_before_it_becomes_numbers(reads):
    large = np.kron(255 - FIVE, np.ones((10, 10), np.uint8)).astype(np.uint16) * 257
    file = as_bytes(Image.fromarray(large))
    tracemalloc.start()
    from_image(file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < large.size * 4 and reads(file) == 5  # bytes: fewer than of one array of float32


def test_a_picture_of_too_many_pixels_is_refused_before_one_is_read(tmp_path):
    Image.new("1", (9000, 9000)).save(tmp_path / "large.png")
    header = (tmp_path / "large.png").read_bytes()[:100]  # of all else nothing is needed
    for source in (tmp_path / "large.png", header, Image.open(tmp_path / "large.png")):
        with pytest.raises(ValueError, match=r"more than 50,000,000 pixels\. Save it smaller"):
            from_image(source)


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


@pytest.mark.parametrize("ink", [0.4, 0.8])
def test_photographs(ink, answer, mnist_data):
    images, labels = (part[:30] for part in mnist_data[1])
    rng = np.random.default_rng(0)
    files = [as_bytes(photo(image, rng, ink), "JPEG", quality=70) for image in images]
    assert (answer([to_mnist(from_image(file)) for file in files]) == labels).mean() >= 0.92


def test_empty_paper_is_refused():
    grain = np.random.default_rng(0).normal(200, 8, (600, 800)).astype(np.uint8)
    white, clear = Image.new("L", (50, 50), "white"), Image.new("RGBA", (50, 50))
    for picture in (Image.fromarray(grain), white, clear):
        with pytest.raises(ValueError, match="dark pen on light paper"):
            from_image(picture)


def test_a_path_is_read_and_other_files_are_refused(reads, tmp_path):
    FIVE_ON_PAPER.save(tmp_path / "5.png")
    assert reads(tmp_path / "5.png") == reads(str(tmp_path / "5.png")) == 5
    half, rare = as_bytes(FIVE_ON_PAPER)[:200], as_bytes(FIVE_ON_PAPER, "PPM")
    for file in (b"", b"not a picture", half, rare, tmp_path, tmp_path / "none.png"):
        with pytest.raises(ValueError, match="Save it as PNG or JPEG"):
            from_image(file)


@settings(max_examples=100)
@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=60)))
def test_any_picture_gives_an_image_or_a_value_error(array):
    try:
        drawing = from_image(Image.fromarray(array))
    except ValueError as error:
        assert "stands out" in str(error)
    else:
        image = to_mnist(drawing)
        assert image.shape == (28, 28) and image.dtype == np.uint8
        assert image.max() == 255 and max(box(image)) <= 20
