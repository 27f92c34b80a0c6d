"""Read a model file, which is not trusted: only a list of Keras's own layers may be in it.

Keras's own loader has had weaknesses in many versions, and Colab and the oldest version that the
project allows still have some of them. Its loader of whole networks is therefore not used.

- layers.py lists the kinds of layers and the names of activations. settings.py checks what a file
  says of a layer, and description.py which layer takes what. Keras gets to see the checked copy of
  the description, and nothing else of it.
- topology.py computes how many numbers the layers give before an image runs through them.
- Keras makes a weight only if the weights file has an array of this shape. The network is filled
  from a copy of that file, once the sizes in it are known to be right.

So a file can't run code, name other files or addresses, or fill the memory by sizes that it claims.
docs/maintain/maintaining.md lists the known weaknesses by number.

Faults of libhdf5 itself are not covered, because h5py parses the weights file before anything in it
can be checked. The project's bound for h5py excludes the versions with the fault that is known.
"""

import json
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from helpers.common import arguments, classes
from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.common.language import _
from helpers.saved.description import build_network
from helpers.saved.topology import topology

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
CLASS_NAMES = "classes.json"  # only where the classes have names of their own
REQUIRED = METADATA, CONFIG, WEIGHTS
# What a file consists of, and how many bytes a network of the lesson needs at the very most.
MAX_BYTES = {METADATA: 10_000, CONFIG: 1_000_000, WEIGHTS: 500_000_000, CLASS_NAMES: 10_000}

# Numbers don't become much smaller in an archive. One that holds far more than it has bytes was
# made to fill the disk or the memory.
MAX_COMPRESSION = 10


def read_model(path: Path | str) -> keras.Model:
    """Read a network of Keras's own layers from a `.keras` file; it is not compiled.

    Names of classes that came along are its `classes`. The file is never changed. Keras gets to
    see numbers and the listed names, and nothing that might run code or read other files, even
    where its safe mode is off. Raises OSError where the file is missing or damaged,
    holds a network that `topology` refuses or more than a network, or is from a newer Keras and
    this one can't read it.
    """
    path = Path(path)
    if path.is_dir():
        problem = _(
            "{path} is a folder. Rename it, then run notebook 3 to save a model.", path=path
        )
        raise OSError(problem)
    if not path.is_file():
        problem = _("{path} is missing. Run notebook 3 to train a model and save it.", path=path)
        raise OSError(problem)
    version_note = ""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            weights = Path(folder) / WEIGHTS
            members = _unpack(path, weights)
            version_note = _note_on_newer_keras(json.loads(members[METADATA])["keras_version"])
            model = _build(json.loads(members[CONFIG]), weights)
        if members.get(CLASS_NAMES):
            model.classes = classes.check_names(json.loads(members[CLASS_NAMES]))
        topology(model)
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


def _build(description: dict, weights: Path) -> keras.Model:
    """Build a network that a file describes, and fill it from a weights file."""
    with _only_weights_of(_weight_shapes(weights)):
        model = build_network(description)
    model.load_weights(weights)
    return model


@contextmanager
def _only_weights_of(shapes: Counter[tuple[int, ...]]) -> Iterator[None]:
    """Let Keras make only weights of the shapes that a file has, each as often as the file has it.

    Raises ValueError, which names the layer, for any other weight, before Keras makes it. So no
    size that a file claims needs memory that the file doesn't have.
    """
    add_weight = keras.layers.Layer.add_weight

    def add_weight_of_file(layer, *args, **kwargs):
        shape = tuple((args[0] if args else kwargs.get("shape")) or ())
        if not shapes[shape]:
            name = _("layer {layer}, the shapes of its weights", layer=layer.name)
            raise ValueError(arguments.mismatch(name, shape, f"{[*shapes]!s:.200}"))
        shapes[shape] -= 1
        return add_weight(layer, *args, **kwargs)

    keras.layers.Layer.add_weight = add_weight_of_file
    try:
        yield
    finally:
        keras.layers.Layer.add_weight = add_weight


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
            # A file of single bytes would claim the room of four bytes for each number.
            size += max(item.nbytes, 2 * item.size)
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
