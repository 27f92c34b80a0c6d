"""The plumbing of the optional lesson see_inside."""
