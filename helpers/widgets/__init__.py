"""The pad, the viewer, the training view and the page to take home, in Python."""
