"""The recipes that the optional lesson better speaks of, and the program that measures them."""
