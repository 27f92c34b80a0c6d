"""Names that learners' copies of notebook 3 and of your_own import; they go with version 1.1."""

from helpers.live_curves import LiveCurves
from helpers.saved.models import path_to_save

__all__ = ["LiveCurves", "saving"]


def saving(model, *_history):
    """Give the path at which to save a model; copies of early versions hand over a history too."""
    return path_to_save(model)
