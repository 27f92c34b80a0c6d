"""What the study has measured, as the lesson better reads it."""

import numpy as np

from helpers.better import results


def test_ten_runs_of_each_recipe_that_the_lesson_takes_apart():
    recipes = results.recipes()
    for name, views in ("document", "one_view"), ("accurate", "nine_views"):
        runs = recipes[name]
        assert all(runs[key].shape == (10,) for key in ("seconds", "one_view", "nine_views"))
        np.testing.assert_array_equal(runs["accuracy"], runs[views])
