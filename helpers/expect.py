"""What an argument must be; whatever else comes ends in a sentence that says both."""

import numpy as np


def numbers(name: str, value, shape: tuple, kinds: str = "buif", dtype=None) -> np.ndarray:
    """Return `value` as an array if it holds finite numbers in the expected shape.

    Args:
        name: of the argument, for the message.
        value: whatever came.
        shape: for each axis its length, or a name where it is open. An axis may only be empty
            if its name is n.
        kinds: NumPy's letters for the kinds of numbers: bool, unsigned, integer, float.
        dtype: what they become, if not what they are.

    Raises:
        ValueError: it holds something else.
    """
    array = as_array(value)
    fits = len(shape) == array.ndim and all(map(_fits, array.shape, shape))
    if not fits or array.dtype.kind not in kinds:
        kind = "numbers" if "f" in kinds else "whole numbers"
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        raise ValueError(
            f"{name}: got {array.dtype} of shape {array.shape}, expected {kind} of shape ({wanted})"
        )
    with np.errstate(over="ignore"):  # a number too large for the dtype becomes infinite
        array = array.astype(dtype or array.dtype, copy=False)
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: got values that are not finite, or too large; expected numbers")
    return array


def labels(name: str, value, count: int, classes: int) -> np.ndarray:
    """Return `value` as an array of `count` labels from 0 to `classes - 1`, or raise ValueError."""
    array = numbers(name, value, (count,), "bui")
    if array.size and not (array.min() >= 0 and array.max() < classes):
        raise ValueError(f"{name}: got {array.min()} to {array.max()}, expected 0 to {classes - 1}")
    return array


def whole(name: str, value, low: int, high: int | None = None) -> int:
    """Return `value` as an int if it is a whole number from `low` to `high`, else ValueError."""
    array = as_array(value)
    is_whole = array.shape == () and array.dtype.kind in "ui"
    if not (is_whole and low <= array and (high is None or array <= high)):
        wanted = f"{low} or more" if high is None else f"{low} to {high}"
        raise ValueError(f"{name}: got {value!r:.60}, expected a whole number, {wanted}")
    return int(array)


def as_array(value) -> np.ndarray:
    """Return `value` as an array; of objects, where its rows don't have the same length."""
    try:
        return np.asarray(value)
    except ValueError:
        array = np.empty((), dtype=object)
        array[()] = value
        return array


def _fits(length: int, wanted: int | str) -> bool:
    return length == wanted or (isinstance(wanted, str) and (length > 0 or wanted == "n"))
