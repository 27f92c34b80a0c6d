"""The plumbing of the optional lesson how_sure."""

from pathlib import Path

from helpers.backend import keras
from helpers.model import load_model


def held_out_model() -> keras.Model:
    """Load the network that has learned from the first 50,000 training images alone."""
    return load_model(Path(__file__).with_name("mnist_cnn_50000.keras"))
