"""A model file is not trusted: what is allowed in one, and how it is read."""

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

import h5py

from helpers import classes, expect
from helpers.backend import keras
from helpers.files import ROOT
from helpers.language import _
from helpers.network_parts import PARTS, topology

# What a file consists of, and how many bytes a network of the lesson needs at the very most.
MEMBERS = {"metadata.json": 10_000, "config.json": 1_000_000, "model.weights.h5": 500_000_000}
NAMES = "classes.json"  # beside them where the classes have names of their own
MOST = MEMBERS | {NAMES: 10_000}

# What a file may name. Keras imports and calls whatever module and class stands there: in 3.7 any
# function of Python (CVE-2025-1550), later its own that download or read other files
# (CVE-2025-9906, CVE-2025-12058, CVE-2026-1462). A name without a module, as "relu" for an
# activation, is safe: Keras looks for it in a short list of its own.
ALLOWED = {
    "keras.layers": PARTS,
    "keras": {"Sequential", "DTypePolicy"},
    "keras.src.models.functional": {"Functional"},
    None: {"__keras_tensor__"},  # how Keras notes which layer follows which
}
# What only a training needs; whatever stands there, Keras doesn't get to see it.
LEFT_OUT = ("_initializer", "_regularizer", "_constraint", "compile_config")


def read_model(path: Path | str) -> keras.Model:
    """Read a network of this lesson from a `.keras` file; it is not compiled.

    Names of classes that came along are its `classes`. The file is never changed. Keras gets to
    see numbers and what `ALLOWED` lists, and nothing that might run code or read other files,
    even where its safe mode is off. Raises OSError where the file is missing or damaged,
    holds a network that `topology` refuses or more than a network, or is from a newer Keras and
    this one can't read it.
    """
    path = Path(path)
    if not path.is_file():
        problem = _("{path} is missing. Run notebook 3 to train a model and save it.", path=path)
        raise OSError(problem)
    newer = ""
    try:
        metadata, config, weights, names = _unpack(path)
        newer = _newer(json.loads(metadata)["keras_version"])
        config = json.loads(config, object_hook=_without_training)
        _check_parts(config)
        _check_weights(weights)
        model = _rebuild(config, weights)
        if names:
            model.classes = classes.check(json.loads(names))
        topology(model)
    except Exception as error:  # Keras raises many kinds, for many kinds of damage
        cause = (str(error).strip().splitlines() or [""])[-1][:400]  # Keras lists all its layers
        if type(error) is not ValueError:
            cause = f"{type(error).__name__}: {cause}"
        remedy = _("Rename it to keep it, then run notebook 3 to train a model and save it.")
        if path.is_relative_to(ROOT / "helpers"):
            name = path.relative_to(ROOT).as_posix()
            remedy = _("To get it back, run `git checkout -- {name}`.", name=name)
        if isinstance(error, OSError) and error.errno:  # the system's: the file may be good
            remedy = _("Is the disk full, or may you not read the file? Then run this again.")
        values = {"path": path, "cause": cause, "newer": newer, "remedy": remedy}
        problem = _("{path} is not loaded ({cause}{newer}). {remedy}", **values)
        raise OSError(problem) from error
    return model


def _unpack(path: Path) -> list[bytes]:
    """Return the members of a file in the order of `MOST`, held to their size and check sum."""
    with zipfile.ZipFile(path) as file:
        sizes = [(member.filename, member.file_size) for member in file.filelist]
        members = dict(sizes)
        fits = all(size <= MOST.get(name, 0) for name, size in sizes)
        if not fits or len(sizes) != len(members) or MEMBERS.keys() - members:
            wanted = _("it consists of {got}, expected at most {most}", got=sizes[:9], most=MOST)
            raise ValueError(wanted)
        if altered := file.testzip():  # not every version of Keras looks
            raise zipfile.BadZipFile(_("{name} was altered after it was saved", name=altered))
        return [file.read(name) if name in members else b"" for name in MOST]


def _without_training(description: dict) -> dict:
    """Return an object of a network's description without what only a training needs."""
    return {key: value for key, value in description.items() if not key.endswith(LEFT_OUT)}


def _check_parts(description) -> None:
    """Raise ValueError if an object of a network's description names what isn't `ALLOWED`."""
    if isinstance(description, dict):
        if "class_name" in description:
            module, name = description.get("module"), description["class_name"]
            registered = description.get("registered_name") or name
            if name not in ALLOWED.get(module, ()) or registered != name:
                name = description.get("config") if name == "function" else registered
                name = f"{module}.{name}"[:100] if module else name
                raise ValueError(expect.unexpected(_("its parts"), name, ", ".join(PARTS)))
        description = list(description.values())
    if isinstance(description, list):
        for value in description:
            _check_parts(value)


def _check_weights(weights: bytes) -> None:
    """Raise ValueError for a weight that claims more than is there, or lies in another file."""

    def foreign(name, link):
        item = file[name] if isinstance(link, h5py.HardLink) else None
        inside = isinstance(item, h5py.Group)
        if isinstance(item, h5py.Dataset):
            inside = not (item.external or item.is_virtual) and item.nbytes <= len(weights)
        return None if inside else name

    with h5py.File(io.BytesIO(weights)) as file:
        if name := file.visititems_links(foreign):
            problem = _("the weight {name}, whose numbers lie outside of the file", name=name)
            raise ValueError(problem)


def _rebuild(config: dict, weights: bytes) -> keras.Model:
    """Let Keras read a copy that holds what was checked, and nothing besides."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.keras"
        with zipfile.ZipFile(copy, "w") as file:
            file.writestr("config.json", json.dumps(config))
            file.writestr("model.weights.h5", weights)
        loaded = keras.models.load_model(copy, compile=False, safe_mode=True)
    # Files of older Keras versions come back with a list of one input, and a warning at each
    # call; a model from that input to that output has neither.
    return keras.Model(loaded.inputs[0], loaded.outputs[0])


def _newer(version: str) -> str:
    """Say so if a file's version of Keras is newer than this one."""
    own = keras.__version__
    theirs, ours = (list(map(int, re.findall(r"\d+", text)[:3])) for text in (version, own))
    if theirs <= ours:
        return ""
    values = {"version": version, "own": own}
    return _("; saved by Keras {version}, and this is the older {own}", **values)
