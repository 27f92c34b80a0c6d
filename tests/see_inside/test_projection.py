import numpy as np

from helpers.see_inside.projection import neighbours_in_plane


def test_groups_stay_together():
    group = np.repeat([0, 1, 2], 40)
    values = np.random.default_rng(0).normal(size=(120, 60)) + 30 * np.eye(60)[group]
    points = neighbours_in_plane(values)
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    np.testing.assert_array_equal(group[distances.argmin(axis=1)], group)
