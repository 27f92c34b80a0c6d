"""The exercise of the optional lesson see_inside."""

from helpers.checks.core import exercise
from helpers.checks.kinds import numbers
from helpers.common.language import _


@exercise(
    lambda answer: answer,  # a function, or a hint to hand one over
    hint="In grad_cam, find the line that averages. Which shape has the gradient before it?",
    praise="Outside of the corner it is 0: without the average, the place is not lost.",
)
def maps_of_their_own(answer, network, image, digit, layer):
    """Exercise 1: a function (model, image, digit, layer) that keeps what Grad-CAM averages.

    `image` has the shape (28, 28, 1), and `layer` is the name of a layer of `network`. The
    function returns a map of shape (28, 28).
    """
    if not callable(answer):
        return _("Hand over the function itself, without calling it.")
    try:
        cam = numbers(answer(network, image, digit, layer))
    except (Exception, SystemExit) as error:  # the learner's
        first_line = str(error).partition("\n")[0]
        return _(
            "{name} ends in {kind}: {first}.",
            name=_("Your function"),
            kind=type(error).__name__,
            first=first_line[:200].rstrip("."),
        )
    if cam.shape != image.shape[:2] or cam.min() < 0:
        return _("Return a map as large as the image, with nothing below 0: np.maximum(..., 0).")
    if cam.max() == 0:
        return _("The map is empty. Is it the score of this digit that you took the gradient of?")
    if max(cam[8:].max(), cam[:, 8:].max()) > 1e-6 * cam.max():  # outside of the corner
        return _("It still marks what the network can't see. Is there an average left?")
    return None
