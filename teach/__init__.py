"""Commands for teachers."""
