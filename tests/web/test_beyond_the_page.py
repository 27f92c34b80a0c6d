"""Networks that can be saved but not computed in the page: a sentence says so."""

import re

import numpy as np
import pytest

from helpers.model import SHIPPED_MODEL, load_model
from helpers.web import take_home
from helpers.web.layers import describe
from helpers.web.pad import DrawingPad
from helpers.web.viewer import NetworkViewer
from tests.test_network_reader import NETWORKS


@pytest.mark.parametrize("name", ["recurrent", "three_dimensions"])
def test_a_sentence_names_the_layer_and_nothing_is_lost(name, artifacts, capsys):
    model = NETWORKS[name]()
    before = {path.name: path.read_bytes() for path in artifacts.iterdir()}
    assert take_home.write_page(model) is None
    said = capsys.readouterr().out
    assert re.match(r"The page can't compute this network \(.*layer \w+: got", said)
    assert {path.name: path.read_bytes() for path in artifacts.iterdir()} == before
    viewer = NetworkViewer(model, np.zeros((28, 28), np.uint8))
    said = capsys.readouterr().out
    assert re.match(r"The viewer can't compute this network \(.*layer", said)
    assert viewer.network == describe(load_model(SHIPPED_MODEL))
    assert "The pad can't compute this network" in DrawingPad(model).problem
