"""The plumbing of the optional lesson how_sure."""
