"""The plumbing of the optional lesson faster_and_better."""
