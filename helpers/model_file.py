"""Read a model file, which is not trusted: only a list of parts may be in it.

Keras's own loader has had weaknesses in many versions, and Colab and the oldest version that the
project allows still have some of them. Its loader of whole networks is therefore not used. Keras
makes layers of the kinds in `PARTS`, one by one, from settings that were checked. It fills them
from a copy of the weights file, once the sizes in that file are known to be right. This covers

- code that a description names: CVE-2024-3660, CVE-2025-1550, CVE-2025-8747, CVE-2025-49655,
  CVE-2026-1462, CVE-2026-12481;
- a description that turns the safe mode off, and HDF5 files that ignore it: CVE-2025-9906,
  CVE-2025-9905;
- files and addresses that a description or a weight names, and archives that unpack elsewhere:
  CVE-2025-12058, CVE-2025-12060, CVE-2025-12638, CVE-2026-1669, GHSA-hqp4-2352-xf5r;
- sizes that fill the memory, in the archive, in the weights file and in the description:
  CVE-2026-0897 and its relatives without a number.

It doesn't cover faults of libhdf5 itself, such as CVE-2026-26200: h5py parses the weights file
before anything in it can be checked. The project's bound for h5py excludes the versions with that
fault.
"""

import json
import math
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import h5py

from helpers import arguments, classes
from helpers.backend import keras
from helpers.files import ROOT
from helpers.language import _
from helpers.network_parts import (
    IMAGE,
    MAX_LAYERS,
    MAX_OUTPUTS,
    check_kind_of_layer,
    unexpected,
)
from helpers.web.layers import PARTS, check_layer, not_a_chain, page_steps

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
CLASS_NAMES = "classes.json"  # only where the classes have names of their own
REQUIRED = METADATA, CONFIG, WEIGHTS
# What a file consists of, and how many bytes a network of the lesson needs at the very most.
MAX_BYTES = {METADATA: 10_000, CONFIG: 1_000_000, WEIGHTS: 500_000_000, CLASS_NAMES: 10_000}

# Numbers don't become much smaller in an archive. One that holds far more than it has bytes was
# made to fill the disk or the memory.
MAX_COMPRESSION = 10

# What a file may name. Keras imports and calls any module and class that is named there. A name
# without a module, as "relu" for an activation, is safe: Keras looks for it in a short list of
# its own.
ALLOWED = {
    "keras.layers": {"InputLayer", *PARTS},
    "keras": {"Sequential", "DTypePolicy"},
    "keras.src.models.functional": {"Functional"},
    None: {"__keras_tensor__"},  # how Keras notes which layer follows which
}
# How the keys end that only a training needs, or that hold a shape for which Keras would build a
# layer at once. Keras doesn't get to see any of them.
IGNORED_KEYS = ("_initializer", "_regularizer", "_constraint", "compile_config", "build_config")
IGNORED_KEYS += ("lora_rank", "lora_alpha", "quantization_config")


def read_model(path: Path | str) -> keras.Model:
    """Read a network of this lesson from a `.keras` file; it is not compiled.

    Names of classes that came along are its `classes`. The file is never changed. Keras gets to
    see numbers and what `ALLOWED` lists, and nothing that might run code or read other files,
    even where its safe mode is off. Raises OSError where the file is missing or damaged,
    holds a network that `page_steps` refuses or more than a network, or is from a newer Keras and
    this one can't read it.
    """
    path = Path(path)
    if not path.is_file():
        problem = _("{path} is missing. Run notebook 3 to train a model and save it.", path=path)
        raise OSError(problem)
    version_note = ""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            weights = Path(folder) / WEIGHTS
            members = _unpack(path, weights)
            version_note = _note_on_newer_keras(json.loads(members[METADATA])["keras_version"])
            config = json.loads(members[CONFIG], object_hook=_without_training)
            _check_parts(config)
            model = _build(_unbuilt_layers(config), weights)
        if members.get(CLASS_NAMES):
            model.classes = classes.check_names(json.loads(members[CLASS_NAMES]))
        page_steps(model)
    except Exception as error:  # Keras raises many kinds, for many kinds of damage
        raise OSError(_problem(path, error, version_note)) from error
    return model


def _problem(path: Path, error: Exception, version_note: str) -> str:
    """Say why a file is not loaded, and what to do."""
    lines = str(error).strip().splitlines()
    cause = lines[-1][:400] if lines else ""  # Keras lists all its layers before
    if type(error) is not ValueError:
        cause = f"{type(error).__name__}: {cause}"
    if isinstance(error, OSError) and error.errno:  # the system's: the file may be good
        remedy = _("Is the disk full, or may you not read the file? Then run this again.")
    elif path.is_relative_to(ROOT / "helpers"):
        name = path.relative_to(ROOT).as_posix()
        remedy = _("To get it back, run `git checkout -- {name}`.", name=name)
    else:
        remedy = _("Rename it to keep it, then run notebook 3 to train a model and save it.")
    return _(
        "{path} is not loaded ({cause}{newer}). {remedy}",
        path=path,
        cause=cause,
        newer=version_note,
        remedy=remedy,
    )


def _unpack(path: Path, weights: Path) -> dict[str, bytes]:
    """Write the weights in a file to a path, and return its other members by their names.

    All are held to their size and check sum.
    """
    with zipfile.ZipFile(path) as file:
        sizes = [(member.filename, member.file_size) for member in file.filelist]
        names = {name for name, _size in sizes}
        fits = all(size <= MAX_BYTES.get(name, 0) for name, size in sizes)
        if not fits or len(sizes) != len(names) or not names.issuperset(REQUIRED):
            raise ValueError(
                _("it consists of {got}, expected at most {most}", got=sizes[:9], most=MAX_BYTES)
            )
        size = sum(size for _name, size in sizes)
        most = MAX_COMPRESSION * path.stat().st_size
        if size > most:
            raise ValueError(arguments.mismatch(_("its members, in bytes"), size, most))
        altered = file.testzip()  # not every version of Keras looks
        if altered:
            raise zipfile.BadZipFile(_("{name} was altered after it was saved", name=altered))
        with file.open(WEIGHTS) as source, weights.open("wb") as copy:
            shutil.copyfileobj(source, copy)  # in pieces, as it may be larger than the memory
        return {name: file.read(name) for name in names - {WEIGHTS}}


def _without_training(description: dict) -> dict:
    """Return an object of a network's description without what only a training needs."""
    return {key: value for key, value in description.items() if not key.endswith(IGNORED_KEYS)}


def _check_parts(description) -> None:
    """Raise ValueError if an object of a network's description names what isn't `ALLOWED`."""
    if isinstance(description, dict):
        if "class_name" in description:
            module, name = description.get("module"), description["class_name"]
            registered = description.get("registered_name") or name
            if name not in ALLOWED.get(module, ()) or registered != name:
                name = description.get("config") if name == "function" else registered
                name = f"{module}.{name}"[:100] if module else name
                raise ValueError(arguments.mismatch(_("its parts"), name, ", ".join(PARTS)))
        description = list(description.values())
    if isinstance(description, list):
        for value in description:
            _check_parts(value)


def _unbuilt_layers(config: dict) -> list[keras.layers.Layer]:
    """Make the layers that a network's description lists, without their weights.

    Raises ValueError where one doesn't follow the other, or they start with other images.
    """
    described = config["config"]["layers"]
    is_functional = config["class_name"] == "Functional"
    if len(described) > MAX_LAYERS + 1:  # with the InputLayer
        got, wanted = _("{n} layers", n=len(described)), _("at most {n}", n=MAX_LAYERS)
        raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
    layers = []
    previous = None
    for part in described:
        kind, settings = part["class_name"], part["config"]
        if kind == "InputLayer" and part is described[0]:
            if tuple(settings["batch_shape"][1:]) != IMAGE:
                got, wanted = settings["batch_shape"], (None, *IMAGE)
                raise ValueError(arguments.mismatch(_("its images"), f"{got!r:.100}", wanted))
        else:
            if kind not in PARTS:
                raise ValueError(arguments.mismatch(_("its parts"), kind, ", ".join(PARTS)))
            if is_functional and not _follows(part["inbound_nodes"], previous):
                raise not_a_chain()
            layers.append(getattr(keras.layers, kind).from_config(settings))
        previous = settings["name"]
    last = [previous, 0, 0]
    if is_functional and config["config"]["output_layers"] not in (last, [last]):
        raise not_a_chain()
    return layers


def _follows(nodes: list[dict], previous: str) -> bool:
    """Return whether a described layer is called once, with what the previous one gives."""
    if len(nodes) != 1 or len(nodes[0]["args"]) != 1:
        return False
    is_alone = not any(isinstance(value, dict) for value in nodes[0]["kwargs"].values())
    return is_alone and nodes[0]["args"][0]["config"]["keras_history"] == [previous, 0, 0]


def _build(layers: list[keras.layers.Layer], weights: Path) -> keras.Model:
    """Build a network of layers, and fill it from a weights file, which is checked before."""
    shapes_in_file = _weight_shapes(weights)
    for layer, input_shape, _output_shape in check_layers(layers):
        for shape in weight_shapes(layer, input_shape):
            if not shapes_in_file[shape]:
                name = _("layer {layer}, the shapes of its weights", layer=layer.name)
                raise ValueError(arguments.mismatch(name, shape, f"{[*shapes_in_file]!s:.200}"))
            shapes_in_file[shape] -= 1
    outputs = inputs = keras.Input(IMAGE)
    for layer in layers:
        outputs = layer(outputs)
    model = keras.Model(inputs, outputs)
    model.load_weights(weights)
    return model


def check_layers(
    layers: list[keras.layers.Layer],
) -> list[tuple[keras.layers.Layer, tuple, tuple]]:
    """Return layers that follow one another, each with its input and output shape for one image.

    They may be built or not, and nothing is built. Raises ValueError, which names the layer, if
    there are more than `MAX_LAYERS`, the page can't compute a layer, or a layer gives
    more than `MAX_OUTPUTS` numbers.
    """
    if len(layers) > MAX_LAYERS:
        got, wanted = _("{n} layers", n=len(layers)), _("at most {n}", n=MAX_LAYERS)
        raise ValueError(arguments.mismatch("model", got, wanted))
    steps = []
    output_shape = IMAGE
    for layer in layers:
        input_shape = output_shape
        check_kind_of_layer(layer)
        check_layer(layer, input_shape)
        output_shape = layer.compute_output_shape((None, *input_shape))[1:]
        if math.prod(output_shape) > MAX_OUTPUTS:
            wanted = _("at most {n} numbers for an image", n=MAX_OUTPUTS)
            raise unexpected(layer, output_shape, wanted)
        steps.append((layer, input_shape, output_shape))
    return steps


def weight_shapes(layer: keras.layers.Layer, input_shape: tuple) -> list[tuple[int, ...]]:
    """Return the shapes of the weights that a layer has once it is built for an input shape."""
    channels = input_shape[-1]
    if type(layer).__name__ == "Conv2D":
        kernel = *layer.kernel_size, channels, layer.filters
    elif type(layer).__name__ == "Dense":
        kernel = channels, layer.units
    elif (
        type(layer).__name__ == "BatchNormalization"
    ):  # a mean, a variance, and what it has learned
        return [(channels,)] * (2 + bool(layer.scale) + bool(layer.center))
    else:
        return []
    return [kernel, kernel[-1:]] if layer.use_bias else [kernel]


def _weight_shapes(weights: Path) -> Counter[tuple[int, ...]]:
    """Return how many arrays of each shape are in a weights file.

    Raises ValueError for a weight that claims more than is there, or lies in another file.
    """
    shapes = Counter()
    size = 0

    def name_of_foreign_item(name, link):
        """Count an item of the file, or return its name, which ends the walk through the file."""
        nonlocal size
        item = file[name] if isinstance(link, h5py.HardLink) else None
        if isinstance(item, h5py.Dataset):
            size += item.nbytes
            shapes[item.shape] += 1
            is_inside = not (item.external or item.is_virtual) and size <= weights.stat().st_size
        else:
            is_inside = isinstance(item, h5py.Group)
        return None if is_inside else name

    with h5py.File(weights) as file:
        foreign = file.visititems_links(name_of_foreign_item)
        if foreign:
            problem = _("the weight {name}, whose numbers lie outside of the file", name=foreign)
            raise ValueError(problem)
    return shapes


def _note_on_newer_keras(version: str) -> str:
    """Return a note if a file's version of Keras is newer than this one, else ""."""
    if _version_numbers(version) <= _version_numbers(keras.__version__):
        return ""
    return _(
        "; saved by Keras {version}, and this is the older {own}",
        version=version,
        own=keras.__version__,
    )


def _version_numbers(version: str) -> list[int]:
    """Return the numbers of a version, such as [3, 15, 1]."""
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
