"""What an argument must be; whatever else comes ends in a sentence that says both."""

from typing import NamedTuple

import numpy as np

from helpers.language import _

ANY_KIND = "buifcmMSUV"  # of which text can be made


def numbers(name: str, value, shape: tuple, kinds: str = "buif", dtype=None) -> np.ndarray:
    """Return `value` as an array if it holds finite numbers in the expected shape, else ValueError.

    The shape is for each axis its length, or a name where it is open; an axis may only be empty if
    its name is n, or begins with that word. `kinds` are NumPy's letters for bool, unsigned, integer
    and float; `dtype` is what the numbers become, if not what they are.
    """
    array = _of_shape(name, value, shape, kinds)
    with np.errstate(over="ignore"):  # a number too large for the dtype becomes infinite
        return _finite(name, array.astype(dtype or array.dtype, copy=False))


def labels(name: str, value, count: int, classes: int) -> np.ndarray:
    """Return `value` as an array of `count` labels from 0 to `classes - 1`, or raise ValueError."""
    return _within(name, numbers(name, value, (count,), "bui"), range(classes))


def integer(name: str, value, low: int, high: int | None = None) -> int:
    """Return `value` as an int if it is a whole number from `low` to `high`, else ValueError."""
    array = as_array(value)
    is_whole = array.shape == () and array.dtype.kind in "ui"
    if not (is_whole and low <= array and (high is None or array <= high)):
        wanted = _("{low} or more", low=low) if high is None else between(low, high)
        wanted = _("a whole number, {wanted}", wanted=wanted)
        raise ValueError(unexpected(name, f"{value!r:.60}", wanted))
    return int(array)


class Named(NamedTuple):
    """What `argument` may want: a dictionary from `count` names to values, each as `each` says."""

    count: int | str
    each: "tuple | dict | Named"


def argument(name: str, value, wanted: tuple | dict | Named, known: dict):
    """Return an array, a number, text or a dictionary of these if it is what is wanted.

    Args:
        name: of the argument, for the message.
        value: whatever came.
        wanted: a tuple, the shape of an array of finite numbers, as in `numbers`. At its end may
            stand what else it holds: `int` or `range(10)`, whole numbers, `bool`, yes or no,
            `float`, numbers of which some may be NaN or infinite, `str`, text. A dictionary wants
            one with at least these keys, `Named` one with any names.
        known: the length of each named axis, and the argument that has it; grows. Axes of one
            name are equally long in all arguments, but not from one entry of `Named` to the next.

    Raises:
        ValueError: it is something else, or doesn't go with the arguments before it.
    """
    if isinstance(wanted, Named):
        (count,), note = _lengths([wanted.count], known)
        by_name = isinstance(value, dict) and all(isinstance(key, str) for key in value)
        if not (by_name and _fits(len(value), count)):
            wanted = _("a dictionary of {count}", count=count) + note
            raise ValueError(unexpected(name, describe(value), wanted))
        known.setdefault(wanted.count, (len(value), name))
        parts = value.items()
        return {k: argument(f"{name}[{k!r}]", v, wanted.each, dict(known)) for k, v in parts}
    if isinstance(wanted, dict):
        if not (isinstance(value, dict) and wanted.keys() <= value.keys()):
            wanted = _("a dictionary with {keys}", keys=_(" and ").join(wanted))
            raise ValueError(unexpected(name, describe(value), wanted))
        parts = wanted.items()
        return value | {k: argument(f"{name}[{k!r}]", value[k], part, known) for k, part in parts}
    marked = wanted and isinstance(wanted[-1], type | range)
    *axes, kind = wanted if marked else (*wanted, None)
    shape, note = _lengths(axes, known)
    letters = {None: "buif", float: "buif", str: ANY_KIND}.get(kind, "bui")
    array = _of_shape(name, value, shape, letters, note)
    for axis, length in zip(axes, array.shape, strict=True):
        known.setdefault(axis, (length, name))
    if kind is None:
        _finite(name, array)
    elif isinstance(kind, range):
        _within(name, array, kind)
    elif kind in (bool, str):
        array = array.astype(kind)
    return array[()]


def as_array(value) -> np.ndarray:
    """Return `value` as an array; of objects, where its rows don't have the same length."""
    try:
        return np.asarray(value)
    except ValueError:
        array = np.empty((), dtype=object)
        array[()] = value
        return array


def describe(value) -> str:
    """Say in a few words what a value is."""
    if isinstance(value, dict):
        return _("a dictionary of {count}", count=len(value))
    array = as_array(value)
    return _("{dtype} of shape {shape}", dtype=array.dtype, shape=array.shape)


def unexpected(name: str, got: str, wanted: str) -> str:
    """Say what an argument was, and what it should be."""
    return _("{name}: got {got}, expected {wanted}", name=name, got=got, wanted=wanted)


def between(low, high) -> str:
    """Say from where to where."""
    return _("{low} to {high}", low=low, high=high)


def _lengths(axes, known):
    """Return the axes with the lengths that are known already, and words for whose they are."""
    theirs = [known[axis][1] for axis in axes if axis in known and isinstance(axis, str)]
    note = _(" to go with {other}", other=theirs[0]) if theirs else ""
    return [known[axis][0] if axis in known else axis for axis in axes], note


def _of_shape(name, value, shape, kinds, note=""):
    array = as_array(value)
    fits = len(shape) == array.ndim and all(map(_fits, array.shape, shape))
    if not fits or array.dtype.kind not in kinds:
        kind = _("numbers") if "f" in kinds else _("whole numbers")
        kind = _("text") if "U" in kinds else kind
        sides = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        wanted = _("{kind} of shape ({sides})", kind=kind, sides=sides) + note
        raise ValueError(unexpected(name, describe(array), wanted))
    return array


def _fits(length, wanted):
    is_open = isinstance(wanted, str) and (length > 0 or wanted[:2] in ("n", "n "))
    return is_open or length == wanted


def _finite(name, array):
    if not np.isfinite(array).all():
        got = _("values that are not finite, or too large")
        raise ValueError(unexpected(name, got, _("numbers")))
    return array


def _within(name, array, allowed):
    low, high = allowed[0], allowed[-1]
    if array.size and not (array.min() >= low and array.max() <= high):
        got = between(array.min(), array.max())
        raise ValueError(unexpected(name, got, between(low, high)))
    return array
