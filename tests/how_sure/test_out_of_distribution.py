import subprocess
import sys

import numpy as np
import pytest

from helpers.how_sure.out_of_distribution import SHAPES, blank, noise, shape


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_have_mnists_form(name):
    image = shape(name)
    assert (image.shape, image.dtype, image.max()) == ((28, 28), np.uint8, 255)
    rows, columns = np.nonzero(image > 20)
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    centre = (np.indices(image.shape) * image).sum(axis=(1, 2)) / image.sum()
    np.testing.assert_allclose(centre, 14, atol=0.52)  # as near as whole pixels allow


def test_blank_and_noise_and_what_there_is_not():
    for image in (blank(), noise()):
        assert (image.shape, image.dtype) == ((28, 28), np.uint8)
    assert not blank().any()
    np.testing.assert_array_equal(noise(3), noise(3))
    assert (noise(0) != noise(1)).any()
    assert 118 < noise().mean() < 137
    with pytest.raises(ValueError, match="name: got 'Q', expected one of A"):
        shape("Q")


def test_drawing_a_shape_loads_no_tensorflow():
    code = (
        "import sys, helpers.drawing, helpers.how_sure.out_of_distribution as own; own.shape('A')"
    )
    code += "; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
