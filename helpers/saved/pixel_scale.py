"""Does a network scale its pixels itself, so that those of the lesson are too small for it?"""

import numpy as np

from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.topology import topology

# Standardizing pixels from 0 to 1 makes them larger, and an average makes them a little smaller.
MIN_DIVISOR = 20


def note_on_division(model: keras.Model) -> str:
    """Return a sentence if a network divides its pixels itself, as by Rescaling(1/255), or "".

    Such a network was made for pixels from 0 to 255, and the lesson's pixels are from 0 to 1. A
    batch normalization may divide as well. So the effect of the first layers is measured: an image
    of 0 and 1 runs through all layers before the first one that multiplies by weights. Raises
    ValueError where `topology` does.
    """
    pixels = np.zeros((1, 28, 28, 1), "float32")
    pixels[:, 14:] = 1
    for position, call in enumerate(topology(model)):
        has_kernel = any(array.ndim > 1 for array in call.layer.get_weights())
        if has_kernel or call.sources != (position,):
            return ""
        pixels = call.layer(pixels, training=False)
        span = np.ptp(keras.ops.convert_to_numpy(pixels))
        if 0 < span < 1 / MIN_DIVISOR:
            return _(
                "This network divides its pixels by {divisor:.0f} itself, in its layer {layer}. "
                "Here it gets pixels from 0 to 1 already, so leave this layer out, and train the "
                "network again on the prepared images.",
                divisor=1 / span,
                layer=call.layer.name,
            )
    return ""
