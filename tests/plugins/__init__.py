"""Plugins of pytest, one for each thing that pyproject.toml can't say."""
