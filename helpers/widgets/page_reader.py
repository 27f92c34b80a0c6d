"""Read the network of a page that was taken home. The file is not trusted.

Nothing in the page runs. One element of it holds JSON, and only what described_network.py writes is
taken from there. Each layer is checked by the rules of settings.py. The sizes that the page states
are compared with its weights before a layer is built.
"""

import base64
import json
import math
import re
from pathlib import Path

import numpy as np

from helpers.common import arguments, classes
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.drawing import to_mnist
from helpers.drawing.drawing_files import MAX_DRAWINGS
from helpers.drawing.strokes import render_strokes
from helpers.saved.layer_kinds import LEAKY_SLOPE
from helpers.saved.layers import KINDS
from helpers.saved.settings import checked_layer, unknown_part
from helpers.saved.topology import IMAGE, check_size, output_of, topology
from helpers.widgets.described_network import DescribedLayer

MAX_BYTES = 200_000_000  # of a page
DATA = re.compile(r'<script type="application/json" id="data">([^<]*)</script>')


def read_page(path: Path | str) -> tuple[keras.Model, np.ndarray, np.ndarray]:
    """Read a network that was taken home as a page, such as `my_network.html`.

    Return the model, the drawings that somebody has kept in the page, and the labels of the
    drawings. The model is not compiled. If the page has names for its classes, they are the model's
    `classes`. Somebody may have trained the network further in the page. Layers that work only in a
    training, such as Dropout, are missing. The drawings are uint8 of shape (n, 28, 28), prepared as
    MNIST's digits are, and their labels are int of shape (n,).

    Raises OSError if the file is missing, is no such page, or was changed by hand.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(_("it has more than {n} bytes", n=MAX_BYTES))
        found = DATA.search(path.read_text(encoding="utf-8"))
        if not found:
            raise ValueError(_("it holds no network"))
        data = json.loads(found[1])
        model = _build(data["description"]["layers"])
        if data["description"].get("classes"):
            model.classes = classes.check_names(data["description"]["classes"])
        topology(model)
        return model, *_drawings(data.get("drawings") or [], classes.names_of_model(model))
    except Exception as error:  # a page that was changed by hand can raise any
        cause = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        problem = _(
            "{path} is not read ({cause}). It has to be a page that the lesson has written, or "
            "that such a page has saved.",
            path=path,
            cause=cause[:400],
        )
        raise OSError(problem) from error


def _build(described_layers: list[DescribedLayer]) -> keras.Model:
    """Build the network that a page describes, with its weights."""
    values = [keras.Input(IMAGE)]
    outputs = 0
    for place, described in enumerate(described_layers):
        sources = [values[k] for k in described.get("inputs", [place])]
        shapes = [tuple(tensor.shape[1:]) for tensor in sources]
        kind, settings, arrays = _layer_and_arrays(described, shapes)
        parts = {"module": "keras.layers", "class_name": kind, "registered_name": None}
        layer = keras.saving.deserialize_keras_object(checked_layer(parts | {"config": settings}))
        args = [sources] if KINDS[kind].takes_several else sources
        shape = tuple(output_of(layer, args, {}).shape[1:])
        outputs += math.prod(shape)
        check_size(place + 1, outputs)
        if shape != tuple(described["shape"]):
            name = _("layer {n}, its shape", n=place + 1)
            raise ValueError(arguments.mismatch(name, described["shape"], shape))
        values.append(layer(*args))
        if arrays:
            layer.set_weights(arrays)
    return keras.Model(values[0], values[-1])


def _layer_and_arrays(
    described: DescribedLayer, shapes: list[tuple]
) -> tuple[str, dict, list[np.ndarray]]:
    """Return the kind of a described layer in Keras, its settings, and its weights in their order.

    The settings make weights of exactly these shapes.
    """
    weights = {
        name: np.frombuffer(base64.b64decode(text, validate=True), "<f4")
        for name, text in described["weights"].items()
    }
    known = KINDS.get(described["kind"])
    if not known or not known.read:
        raise unknown_part(described["kind"])
    kind, settings, arrays = known.read(described, shapes, weights)
    if "kernel" in weights:
        settings["activation"] = _activation(described)
    return kind, settings, arrays


def _activation(described: DescribedLayer) -> str:
    """Return the name in Keras of the activation of a described layer with a kernel."""
    slope = described.get("negative_slope")
    if slope not in (None, LEAKY_SLOPE):
        raise unknown_part(f"negative_slope={slope}")
    return described["activation"] if slope is None else "leaky_relu"


def _drawings(kept: list[dict], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the drawings that somebody has kept in a page, prepared, and their labels."""
    if len(kept) > MAX_DRAWINGS:
        got, wanted = _("{n} drawings", n=len(kept)), _("at most {n} drawings", n=MAX_DRAWINGS)
        raise ValueError(arguments.mismatch(_("its drawings"), got, wanted))
    labels = [drawing["label"] for drawing in kept]
    if any(label not in range(len(names)) for label in labels):
        raise ValueError(arguments.mismatch(_("its labels"), labels, names))
    images = [to_mnist(render_strokes(drawing["strokes"])) for drawing in kept]
    return np.array(images, np.uint8).reshape(-1, 28, 28), np.array(labels, int)
