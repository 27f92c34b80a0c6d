"""All that runs in a browser, and the widgets and the file that carry it there."""
