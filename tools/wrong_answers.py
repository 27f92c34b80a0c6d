"""Wrong answers that learners often give to the exercises, and what each of them reveals."""

import ast
import math

from helpers.language import _


def known_answers() -> dict[str, list[tuple[object, str]]]:
    """Return, by the name of the check, wrong answers and what each of them reveals.

    An answer is a number, or a tuple of numbers. The texts are in the language in use.
    """
    only_one = _("Only the images or only the means were made black and white.")
    return {
        "middle_of_five": [
            ((5, 21, 21), _("4 to 24 is read with both ends. The end of a slice isn't in it.")),
            ((20, 20), _("5 is taken for one image, and not for the first five.")),
        ],
        "black_and_white": [
            (0.8307, _("Nothing was made black and white.")),
            (0.10, only_one),
            (0.51, only_one),
        ],
        "shape_of_layers": [
            ((14, 14, 3), _("The filters are forgotten. Each filter gives one map.")),
            ((15, 15, 16), _("32 - 2 = 30 is the rule for a kernel of 3, learned by heart.")),
        ],
        "loss_of_a_half": [
            (-math.log(2), _("The minus sign is missing. Ask whether a loss can be below 0.")),
            (math.log10(2), _("This is the logarithm to base 10.")),
        ],
        "steps_in_all": [
            (391, _("These are the steps of one epoch.")),
            (1170, _("The smaller batch at the end of each epoch is left out.")),
            (1172, _("It is rounded once at the end, and not in each epoch.")),
        ],
        "accuracy_when_sure": [
            (0.991, _("These are all images. The mask is missing.")),
            (0.970, _("This is the share of images that the network answers.")),
        ],
    }


def explain_wrong_answer(check: str, answer: str) -> str:
    """Return what a wrong answer reveals, or "" if that isn't known.

    `answer` is its text in Python. A number may be rounded to three significant digits.
    """
    try:
        value = ast.literal_eval(answer)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return ""
    for known, meaning in known_answers().get(check, []):
        if _is_equal(value, known):
            return meaning
    return ""


def _is_equal(value, known) -> bool:
    """Is a value the known number, or nearly so, or the known tuple?"""
    if isinstance(known, tuple):
        return isinstance(value, (tuple, list)) and tuple(value) == known
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(known, int):
        return is_number and value == known
    return is_number and math.isclose(value, known, rel_tol=0.001, abs_tol=0.005 * (known < 0.8))
