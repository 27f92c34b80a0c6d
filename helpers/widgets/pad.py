"""The drawing pad: draw in the notebook and watch what the network makes of it.

It is an anywidget, so JupyterLab finds all it needs on this machine. VS Code and Colab show it too
without a further line, but fetch anywidget's own code, not this pad's, from a public address.
"""

import anywidget
import numpy as np
from traitlets import Bytes, Dict, List, Unicode

from helpers.common import classes
from helpers.common.language import _
from helpers.drawing.photo import drawing_from_picture
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.widgets import scripts
from helpers.widgets.described_network import describe


class PadWidget(anywidget.AnyWidget):
    """A pad for mouse, pen, finger or a picture file, in as many views as somebody opens.

    `strokes` are lists of points, as for `render_strokes`. The bytes of a picture `file` count as
    long as there are no strokes. The browser computes a `network`, as `describe` describes it, and
    shows the probabilities of its `classes`. If there is a `problem`, it shows that sentence.
    """

    # The browser knows what it has sent, so the kernel doesn't send it back.
    strokes = List().tag(sync=True, echo_update=False)
    # Buffers arrive as a memoryview, which a trait of bytes turns down in silence.
    file = Bytes().tag(sync=True, echo_update=False, from_json=lambda buffer, pad: bytes(buffer))
    network = Dict().tag(sync=True)
    classes = List(classes.DIGITS).tag(sync=True)
    problem = Unicode().tag(sync=True)


class DrawingPad(PadWidget):
    """A drawing pad with the answers of a network beside it.

    The browser computes them, with the weights that the network has now. If it can't compute the
    network, the pad says so, and that Python answers in the next cell. The model may also be
    another object that Python can call. Raises ValueError if the names of the network's classes
    can't be used.
    """

    _esm = scripts.shared_widget_script("pad/pad.js", "drawingPadWidget")
    _css = scripts.bundle_styles()

    def __init__(self, model):
        try:
            names = classes.names_of_model(model)
        except (AttributeError, TypeError):  # the model hasn't one output of a known shape
            names = classes.DIGITS
        network = {}
        problem = ""
        try:
            network = describe(model)
        except ValueError as error:
            problem = _(
                "The pad can't compute this network. Draw here, then run the next cell. It shows "
                "what the network answers.\n{problems}",
                problems=error,
            )
        # A large network has to go along as the pad is made: later, Jupyter limits what is sent.
        super().__init__(network=network, problem=problem, classes=[*names])

    def __repr__(self):
        # A saved notebook has this text, so it must not change from run to run.
        if tuple(self.classes) == classes.DIGITS:
            return _("A drawing pad: run this cell to draw a digit with mouse, pen or finger.")
        return _("A drawing pad: run this cell to draw with mouse, pen or finger.")

    def drawing_or_recorded(self) -> tuple[np.ndarray, str]:
        """Return what is on the pad or, if nothing is, a recorded 5; and which of the two it is.

        A drawing is uint8, of shape (height, width), 255 for ink. Raises ValueError if the file
        that was loaded is no picture with ink on it.
        """
        if self.strokes:
            return render_strokes(self.strokes), _("your drawing")
        if self.file:
            return drawing_from_picture(self.file), _("your drawing")
        return render_strokes(recorded_strokes()), _("a recorded 5")
