"""Every figure of the lesson: one function a figure, arrays in, a figure with its alt text out."""

from helpers.plots.curves import (
    before_and_after_training,
    loss_of_probability,
    training_curves,
)
from helpers.plots.digits import (
    before_and_after_scaling,
    examples_of_each_digit,
    first_images,
    label_counts,
    many_of_one_digit,
    mean_images,
    missed_digits,
    nearest_mean,
    pixel_histogram,
    pixel_values,
)
from helpers.plots.network import (
    convolution,
    first_feature_maps,
    network,
    one_step,
    pooling,
    relu,
    softmax,
)
from helpers.plots.results import (
    confident_mistakes,
    confusion,
    journey,
    maps_before_and_after_training,
    precision_and_recall,
    prediction,
)

__all__ = [
    "before_and_after_scaling",
    "before_and_after_training",
    "confident_mistakes",
    "confusion",
    "convolution",
    "examples_of_each_digit",
    "first_feature_maps",
    "first_images",
    "journey",
    "label_counts",
    "loss_of_probability",
    "many_of_one_digit",
    "maps_before_and_after_training",
    "mean_images",
    "missed_digits",
    "nearest_mean",
    "network",
    "one_step",
    "pixel_histogram",
    "pixel_values",
    "pooling",
    "precision_and_recall",
    "prediction",
    "relu",
    "softmax",
    "training_curves",
]
