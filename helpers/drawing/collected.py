"""The name that learners' copies of other_hands import; it goes with version 1.1."""

from helpers.drawing.drawing_files import read_drawings as read

__all__ = ["read"]
