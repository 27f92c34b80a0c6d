"""Measurements behind the optional lesson better; README.md says how they are made."""
