"""The optional lesson better: its figures and exercises."""
