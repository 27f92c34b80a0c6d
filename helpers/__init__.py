"""The plumbing that the notebooks import; the ideas they teach stand in their cells."""
