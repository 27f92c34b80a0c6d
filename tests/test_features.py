"""Feature maps that move keep their numbers, and zeros come in."""

import numpy as np

from helpers.features import move_maps


def test_moved_maps_hold_zeros_where_nothing_comes_from_and_moved_back_the_rest():
    maps = np.arange(1.0, 25).reshape(1, 3, 4, 2)
    moved = move_maps(maps, 1, -2)
    assert moved.shape == maps.shape
    np.testing.assert_array_equal(moved[:, 1:, :2], maps[:, :2, 2:])
    assert not moved[:, 0].any() and not moved[:, :, 2:].any()
    np.testing.assert_array_equal(move_maps(moved, -1, 2)[:, :2, 2:], maps[:, :2, 2:])
    np.testing.assert_array_equal(move_maps(maps, 0, 0), maps)
