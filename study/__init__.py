"""Measurements behind the optional lessons better and faster; README.md says how they are made."""
