"""What the notebooks import. What they teach is written in their cells."""
