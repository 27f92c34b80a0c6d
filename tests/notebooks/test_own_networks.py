"""What a learner changes goes through: all cells run with networks of another kind."""

import re

import pytest

from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.lenet import build_lenet5
from helpers.model import build_model
from helpers.saved import models
from tests import networks, zoo
from tests.cells import code_cells, drop_image_counts, run_cell

layers = keras.layers
LINES = re.compile(
    r"inputs = keras\.Input.*?model = keras\.Model\(.*?\)|model = build_model\(\)", re.S
)
WHOLE = "LeNet-5", "a small ResNet", "MobileNet", "a perceptron", "a network called twice"
NETWORKS = {
    "normalised": networks.NETWORKS["normalised"],
    **{name: zoo.WHOLE[name] for name in WHOLE},
    "a single Dense": lambda: networks.functional(layers.Flatten()),
    "the lesson's": build_model,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_all_cells_run_from_the_lines_of_a_network_to_its_file(
    name, artifacts, monkeypatch, request, few_images
):
    """Each training has ten steps on few images, so a cell can't rely on what was learned."""
    (artifacts / models.MODEL_NAME).unlink()
    request.addfinalizer(keras.config.enable_interactive_logging)
    fit = keras.Model.fit

    def ten_steps(network, images, labels, **settings):
        settings |= {"epochs": 1, "batch_size": 64}
        return fit(network, images[:640], labels[:640], **settings)

    monkeypatch.setattr(keras.Model, "fit", ten_steps)
    lessons = ["02_architecture", "03_train", "04_evaluate"]
    # A network with other layers is left aside there, for the one that comes with the lesson.
    if name == "the lesson's":
        lessons += ROOT.glob("notebooks/extras/see_inside.ipynb")
    for notebook in lessons:
        names, is_changed = {"build": NETWORKS[name]}, False
        for source in (drop_image_counts(cell.source) for cell in code_cells(notebook)):
            if not is_changed and LINES.search(source):
                source, is_changed = LINES.sub("model = build()", source, count=1), True
            # see_inside looks at 20 images by seven networks; two images find the same faults.
            run_cell(source.replace("range(20)", "range(2)"), names)
        assert is_changed == (notebook in ("02_architecture", "03_train"))
    _network, whose = models.trained_model(lessons_layers=True)
    assert ("other layers" in whose) == (name != "the lesson's")


def test_notebook_4_says_where_it_looks_into_another_network_than_yours(
    artifacts, capsys, few_images
):
    """The cell that puts maps back needs the lesson's layers."""
    cells = {cell.id: cell.source for cell in code_cells("04_evaluate")}
    beginnings = [cells["code-02"], cells["put-back"].partition("to_last_maps")[0]]
    for build, times in ((build_model, 0), (build_lenet5, 1)):
        build().save(artifacts / models.MODEL_NAME)
        names = {}
        for source in beginnings:
            run_cell(source, names)
        assert capsys.readouterr().out.count("for yours has other layers") == times
