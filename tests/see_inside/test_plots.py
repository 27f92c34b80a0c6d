"""What the figures of see_inside say."""

import numpy as np

from helpers.see_inside import plots
from tests.figures import arrays, same

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 28, 28))


def test_a_patch_is_cut_out_where_its_square_is():
    figure = plots.exciting_patches([IMAGES[:2]], [[(3, 5, 8), (1, 2, 8)]], ["a channel"])
    same(arrays(figure), [*IMAGES[:2], IMAGES[0, 3:11, 5:13], IMAGES[1, 1:9, 2:10]])
    assert figure.axes[0].patches[0].get_xy() == (4.5, 2.5)


def test_where_it_looks_lays_each_number_on_the_middle_of_its_field():
    drops, cams = IMAGES - 0.5, RNG.random((3, 11, 11))
    figure = plots.where_it_looks(IMAGES, list("abc"), drops, cams, (8, 2))
    drawn = [arrays[-1] for arrays in (axes.images for axes in figure.axes[:9])]
    same([image.get_array() for image in drawn[1::3]], drops)
    shares = [cam / cam.max() for cam in cams]
    same([image.get_array() for image in drawn[2::3]], shares)
    # The fields of the first and the last number have their middles at 3.5 and 3.5 + 2 * 10.
    assert drawn[2].get_extent() == [3.5 - 1, 23.5 + 1, 23.5 + 1, 3.5 - 1]
