"""Every figure of the lesson: one function a figure, arrays in, a figure with its alt text out."""

from helpers.plots.architecture import (
    convolution,
    moved_map,
    network,
    patch_times_kernel,
    pooling,
    receptive_fields,
    softmax,
    two_channels,
    unit,
)
from helpers.plots.evaluate import (
    confident_mistakes,
    confusion,
    flags,
    intervals,
    moved_digits,
    moved_networks,
    prediction,
    tiles,
    two_preparations,
)
from helpers.plots.load import (
    examples_of_each_digit,
    label_counts,
    mean_images,
    missed_digits,
    nearest_mean,
    pixel_values,
)
from helpers.plots.train import (
    chain,
    overfitting,
    rate_curves,
    training_curves,
    two_paths,
    valley,
    weight_images,
)
