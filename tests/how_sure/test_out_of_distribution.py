import numpy as np
import pytest

from helpers.how_sure.out_of_distribution import SHAPES, shape


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_have_mnists_form(name):
    image = shape(name)
    assert (image.shape, image.dtype, image.max()) == ((28, 28), np.uint8, 255)
    rows, columns = np.nonzero(image > 20)
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    centre = (np.indices(image.shape) * image).sum(axis=(1, 2)) / image.sum()
    np.testing.assert_allclose(centre, 14, atol=0.52)  # as near as whole pixels allow
