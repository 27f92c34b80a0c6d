"""The drawing pad: draw in the notebook and watch what the network makes of it.

It is an anywidget, so JupyterLab finds all it needs on this machine. VS Code and Colab show it too
without a further line, but fetch anywidget's own code, not this pad's, from a public address.
"""

import anywidget
import numpy as np
from traitlets import Bytes, Dict, Int, List

from helpers import classes
from helpers.backend import keras, tf
from helpers.drawing import to_mnist
from helpers.drawing.photo import from_image
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.language import _
from helpers.mnist import prepare
from helpers.web import scripts


class DrawingPad(anywidget.AnyWidget):
    """A pad for mouse, pen, finger or a picture file, with a network's answer beside it.

    `model(images, training=False)` gets float32 images of shape (1, 28, 28, 1), 0 to 1, and
    returns the probabilities of as many `classes`, of shape (1, k). `strokes` are what is drawn,
    as for `render_strokes`.
    `file`, the bytes of a picture file, counts as long as there are none. `answer` is what the pad
    shows: while it is blank nothing, else `image`, 784 bytes that the network saw, and the
    `probabilities`, or where the kernel couldn't answer, a `problem`: a sentence. `sent` counts the
    messages of the browser, and `to` in the answer says which of them it belongs to.
    """

    _esm, _css = scripts.widget("pad/pad.js", "renderPad"), scripts.styles()
    # The browser knows what it has sent: no need to send it back. All views on its page share it,
    # and a page that is opened again asks the kernel for it.
    strokes = List().tag(sync=True, echo_update=False)
    # Buffers arrive as a memoryview, which a trait of bytes turns down in silence.
    file = Bytes().tag(sync=True, echo_update=False, from_json=lambda buffer, pad: bytes(buffer))
    sent = Int().tag(sync=True, echo_update=False)
    answer = Dict().tag(sync=True)
    classes = List(classes.DIGITS).tag(sync=True)

    def __init__(self, model):
        super().__init__()
        self._model = model
        if isinstance(model, keras.Model):  # the first answer is to be as fast as all others
            self.classes = [*classes.of(model)]
            self._model = tf.function(model)
            self._model(np.zeros((1, 28, 28, 1), np.float32), training=False)

    def __repr__(self):
        # This is what stands in a saved notebook, so it must not change from run to run.
        return _("A drawing pad: run this cell to draw a digit with mouse, pen or finger.")

    def drawing_or_recorded(self) -> tuple[np.ndarray, str]:
        """Return what is on the pad or, if nothing is, a recorded 5; and which of the two it is.

        A drawing is uint8, of shape (height, width), 255 for ink. Raises ValueError if the file
        that was loaded is no picture with ink on it.
        """
        drawing = self._drawing()
        if drawing is None:
            return render_strokes(recorded_strokes()), _("a recorded 5")
        return drawing, _("your drawing")

    def set_state(self, sync_data):
        """Take a message of the browser, and answer it."""
        super().set_state(sync_data)
        self.answer = {"to": self.sent, **self._respond()}

    def _drawing(self):
        if self.strokes:
            return render_strokes(self.strokes)
        return from_image(self.file) if self.file else None

    def _respond(self):
        try:
            drawing = self._drawing()
            if drawing is None:
                return {}
            image = to_mnist(drawing)
            probabilities = np.asarray(self._model(prepare(image[None]), training=False))[0]
            return {"image": image.tobytes(), "probabilities": probabilities.tolist()}
        except ValueError as error:
            return {"problem": str(error)}
        except Exception as error:  # nobody reads the log where it would end up
            kind = type(error).__name__
            return {"problem": _("The kernel failed. {kind}: {error}", kind=kind, error=error)}
