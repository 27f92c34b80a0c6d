"""A network in the browser, computed and shown by JavaScript."""

from helpers.in_browser.widget import NetworkViewer
