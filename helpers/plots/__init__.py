"""Every figure of the lesson: one function a figure, arrays in, a figure with its alt text out."""

from helpers.plots.attention import clouds, covered, where_it_looks
from helpers.plots.curves import (
    before_and_after_training,
    loss_of_probability,
    training_curves,
)
from helpers.plots.digits import (
    before_and_after_scaling,
    examples_of_each_digit,
    first_images,
    ink_histogram,
    label_counts,
    many_of_one_digit,
    mean_images,
    missed_digits,
    nearest_mean,
    pixel_values,
)
from helpers.plots.drawings import off_centre_digits, two_preparations
from helpers.plots.inside import (
    exciting_patches,
    explorer,
    first_filters,
    receptive_fields,
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
from helpers.plots.scaling import memory, step_times
from helpers.plots.speed import (
    accuracy_against_time,
    learning_rate,
    multiplications,
    times,
)
from helpers.plots.sureness import (
    answers,
    reliability,
    seed_spread,
    temperature,
)

__all__ = [
    "accuracy_against_time",
    "answers",
    "before_and_after_scaling",
    "before_and_after_training",
    "clouds",
    "confident_mistakes",
    "confusion",
    "convolution",
    "covered",
    "examples_of_each_digit",
    "exciting_patches",
    "explorer",
    "first_feature_maps",
    "first_filters",
    "first_images",
    "ink_histogram",
    "journey",
    "label_counts",
    "learning_rate",
    "loss_of_probability",
    "many_of_one_digit",
    "maps_before_and_after_training",
    "mean_images",
    "memory",
    "missed_digits",
    "multiplications",
    "nearest_mean",
    "network",
    "off_centre_digits",
    "one_step",
    "pixel_values",
    "pooling",
    "precision_and_recall",
    "prediction",
    "receptive_fields",
    "reliability",
    "relu",
    "seed_spread",
    "softmax",
    "step_times",
    "temperature",
    "times",
    "training_curves",
    "two_preparations",
    "where_it_looks",
]
