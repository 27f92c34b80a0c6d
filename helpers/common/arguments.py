"""Check the arguments of functions. An error says what came and what was expected."""

from collections.abc import Callable

import numpy as np

from helpers.common.language import _


def check_numbers(name: str, value, shape: tuple, kinds: str = "buif", dtype=None) -> np.ndarray:
    """Return `value` as an array if it holds finite numbers in the expected shape, else ValueError.

    The shape has for each axis its length, or a name where any length will do. `kinds` are
    NumPy's letters for bool, unsigned, integer and float.
    """
    kind = _("numbers") if "f" in kinds else _("whole numbers")
    array = _read_array(name, value, shape, kind, lambda dtype: dtype.kind in kinds)
    with np.errstate(over="ignore"):  # a number too large for the dtype becomes infinite
        array = array.astype(dtype or array.dtype, copy=False)
    if np.isfinite(array).all():
        return array
    got = _("values that are not finite, or too large")
    raise ValueError(mismatch(name, got, _("numbers")))


def check_pixels(name: str, value, shape: tuple) -> np.ndarray:
    """Return `value` if it holds pixels, uint8 of the expected shape, else raise ValueError.

    The shape has for each axis its length, or a name where any length will do.
    """
    return _read_array(name, value, shape, "uint8", lambda dtype: dtype == np.uint8)


def _read_array(
    name: str, value, shape: tuple, kind: str, is_accepted: Callable[[np.dtype], bool]
) -> np.ndarray:
    """Return `value` as an array of a shape and an accepted dtype, which `kind` names.

    Raises ValueError for any other value.
    """
    sides = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    wanted = _("{kind} of shape ({sides})", kind=kind, sides=sides)
    try:
        array = np.asarray(value)
    except ValueError as error:  # in NumPy's words, an "inhomogeneous shape"
        got = _("lists of unequal lengths")
        raise ValueError(mismatch(name, got, wanted)) from error
    if not (_has_shape(array, shape) and is_accepted(array.dtype)):
        got = _("{dtype} of shape {shape}", dtype=array.dtype, shape=array.shape)
        raise ValueError(mismatch(name, got, wanted))
    return array


def _has_shape(array: np.ndarray, shape: tuple) -> bool:
    return array.ndim == len(shape) and all(
        isinstance(wanted, str) or length == wanted
        for length, wanted in zip(array.shape, shape, strict=True)
    )


def mismatch(name: str, got: str, wanted: str) -> str:
    """Return a sentence that says what an argument was, and what it should be."""
    return _("{name}: got {got}, expected {wanted}", name=name, got=got, wanted=wanted)
