"""The plumbing of the optional lesson it_doesnt_learn."""
