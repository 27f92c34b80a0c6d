import json

import numpy as np

from helpers import records


def test_the_listed_labels_are_mnists(mnist_data):
    listed, test_labels = records.doubtful_labels(), mnist_data[1][1]
    assert listed.shape == (15,) and (np.diff(listed) > 0).all()
    for image in json.loads(records.LABEL_ERRORS_FILE.read_bytes())["images"]:
        assert test_labels[image["test_index"]] == image["given_label"]
        assert image["votes_for_given"] < 3


def test_five_seeds_of_the_recipe_are_recorded():
    right = records.right_by_seed()
    assert right.shape == (5, 10_000) and right.dtype == bool
    assert (right.mean(axis=1) > 0.989).all() and len({*right.sum(axis=1)}) > 1
