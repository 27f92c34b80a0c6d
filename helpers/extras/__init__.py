"""One folder for each optional lesson."""
