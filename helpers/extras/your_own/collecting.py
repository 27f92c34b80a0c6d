"""A drawing pad that asks for one class after the other, and a file that keeps the drawings."""

import json
from collections.abc import Sequence
from pathlib import Path

from traitlets import Int, List

from helpers.common import classes
from helpers.common.files import atomic_write
from helpers.common.language import _
from helpers.drawing import drawing_files
from helpers.widgets import scripts
from helpers.widgets.pad import PadWidget

ROOM = "../extras/your_own"  # beside the scripts of the page


class CollectingPad(PadWidget):
    """A drawing pad that asks for `each` drawings of each of the classes called `names`.

    There are no more than fit into a file. After each drawing it writes all of them to `path`, and
    goes on with those that are there. No network answers. Raises ValueError where the names can't
    be used, or the file at `path` is of other classes.
    """

    _esm = scripts.shared_widget_script(f"{ROOM}/collecting_pad.js", "collectingPadWidget")
    _css = scripts.bundle_styles(f"{ROOM}/collecting_pad.css")
    each = Int().tag(sync=True)
    collected = List().tag(sync=True, echo_update=False)

    def __init__(self, names: Sequence[str], path: Path, each: int = 20):
        names = [*classes.check_names(names)]
        drawings = drawing_files.read_file(path, names)[0] if path.exists() else []
        each = min(each, drawing_files.MAX_DRAWINGS // len(names))
        super().__init__(classes=names, each=each, collected=drawings)
        self._path = path
        self.observe(self._save, "collected")
        self.observe(self._save_again, "strokes")

    def __repr__(self):
        return _("A drawing pad that collects: run this cell to draw with mouse, pen or finger.")

    def _save(self, change):
        """Write all drawings, or show in the pad why they can't be written."""
        content = {"hello-mnist digits": 1, "classes": self.classes, "digits": self.collected}
        try:
            with atomic_write(self._path) as temporary:
                temporary.write_text(json.dumps(content), encoding="utf-8")
            self.problem = ""
        except OSError as error:
            self.problem = str(error)

    def _save_again(self, change):
        """Write what couldn't be written before."""
        if self.problem:
            self._save(change)
