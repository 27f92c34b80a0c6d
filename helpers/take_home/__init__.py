"""A network in the browser: as a widget in a notebook, and as one file to take home."""

from helpers.take_home.page import write
from helpers.take_home.widget import NetworkViewer
