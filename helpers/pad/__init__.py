"""The drawing pad: from strokes or a photo to an answer of the network."""

from helpers.pad.widget import DrawingPad
