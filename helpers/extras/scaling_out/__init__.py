"""The plumbing of the optional lesson scaling_out."""
