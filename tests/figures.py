"""What stands on a figure, as a reader would find it."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb


def drawn_arrays(figure):
    """Return what is drawn as images, in the order of the axes."""
    return [np.asarray(image.get_array()) for axes in figure.axes for image in axes.images]


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def lines(axes):
    """Return the points of each line, under the name that a legend gives it."""
    return {line.get_label(): line.get_xydata().tolist() for line in axes.lines}


def widths(axes):
    return [bar.get_width() for bar in axes.patches]


def assert_same(given, expected):
    for drawn, array in zip(given, expected, strict=True):
        np.testing.assert_allclose(drawn, array, atol=1e-9)


def check_visible(figure):
    """Assert that a reader sees each line and text: inside its axes, and unlike its ground.

    A line may begin outside, as a loss does that is high at first.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # so that all stays in its place without the texts
    for axes in figure.axes:
        for line in axes.lines:
            points = line.get_transform().transform(line.get_xydata())
            points = points[np.isfinite(points).all(axis=1)]
            inside = axes.bbox.padded(1).count_contains(points)
            assert inside >= len(points) / 2, f"{line}: {inside} of {len(points)} points are seen"
    texts = [text for axes in figure.axes for text in (*axes.texts, axes.title) if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    for text in texts:
        text.set_visible(False)
    (canvas := FigureCanvasAgg(figure)).draw()
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255  # from the bottom, as boxes are
    for text, box in zip(texts, boxes, strict=True):
        text.set_visible(True)
        left, bottom, right, top = np.round(box.extents).astype(int)
        height, width = pixels.shape[:2]
        # A text's box is a little higher than its letters.
        assert -5 < left < right < width + 5 and -5 < bottom < top < height + 5, f"{text}: outside"
        ground = pixels[max(bottom, 0) : top, max(left, 0) : right].mean(axis=(0, 1))
        lights = sorted(luminance(colour) + 0.05 for colour in (to_rgb(text.get_color()), ground))
        assert lights[1] / lights[0] > 3, f"{text} hardly differs from its ground, {ground}"


def luminance(colour):
    """Return how light a colour is, 0 to 1, as WCAG defines it."""
    colour = np.asarray(colour)
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)
