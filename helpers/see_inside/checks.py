"""The exercise of the optional lesson see_inside."""

from helpers.checks.core import exercise, numbers
from helpers.language import _


@exercise(
    lambda answer: answer,  # a function, or a hint to hand one over
    "In grad_cam, find the line that averages. Which shape has the gradient before it?",
    "Outside of the corner it is 0: without the average, the place is not lost.",
)
def maps_of_their_own(answer, network, image, digit, layer):
    """Exercise 1: a function (model, image, digit, layer) that keeps what Grad-CAM averages."""
    if not callable(answer):
        return _("Hand over the function itself, without calling it.")
    try:
        cam = numbers(answer(network, image, digit, layer))
    except Exception as error:  # the learner's
        first, kind = str(error).partition("\n")[0][:200].rstrip("."), type(error).__name__
        name = _("Your function")
        return _("{name} ends in {kind}: {first}.", name=name, kind=kind, first=first)
    if cam.shape != image.shape[:2] or cam.min() < 0:
        return _("Return a map as large as the image, with nothing below 0: np.maximum(..., 0).")
    if cam.max() == 0:
        return _("The map is empty. Is it the score of this digit that you took the gradient of?")
    if max(cam[8:].max(), cam[:, 8:].max()) > 1e-6 * cam.max():  # outside of the corner
        return _("It still marks what the network can't see. Is there an average left?")
    return None
