"""The plumbing of the optional lesson how_sure."""

from helpers.common.backend import keras
from helpers.saved.models import HELD_OUT_MODEL, load_model


def held_out_model() -> keras.Model:
    """Load the network that has learned from the first 50,000 training images alone."""
    return load_model(HELD_OUT_MODEL)
