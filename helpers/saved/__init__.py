"""A network in a file, and the one list of layers that file, viewer and page share."""
