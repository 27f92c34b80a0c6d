"""Digits that others have written, for the optional lesson other_hands."""
