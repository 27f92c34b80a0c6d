"""A drawing pad that asks for one class after the other, and a file that keeps the drawings."""

import json
from collections.abc import Sequence
from pathlib import Path

from traitlets import Int, List

from helpers import classes
from helpers.drawing import collected
from helpers.files import replacing
from helpers.language import _
from helpers.web import scripts
from helpers.web.pad import DrawingPad


class CollectingPad(DrawingPad):
    """A drawing pad that asks for `each` drawings of each of the classes called `names`.

    There are no more than fit into a file. After each drawing it writes all of them to `path`, and
    goes on with those that are there. No network answers. Raises ValueError where the names can't
    be used, or the file at `path` is of other classes.
    """

    _esm = scripts.widget("../your_own/collecting_pad.js", "renderCollectingPad")
    _css = scripts.styles("../your_own/collecting_pad.css")
    each = Int().tag(sync=True)
    collected = List().tag(sync=True, echo_update=False)

    def __init__(self, names: Sequence[str], path: Path, each: int = 20):
        super().__init__(None)
        self.classes, self._path = [*classes.check(names)], path
        self.each = min(each, collected.MOST // len(names))
        if path.exists():
            self.collected, _rendered = collected.read_file(path, names)
        self._kept = self.collected

    def __repr__(self):
        return _("A drawing pad that collects: run this cell to draw with mouse, pen or finger.")

    def _respond(self):
        if self.collected != self._kept:
            content = {"hello-mnist digits": 1, "classes": self.classes, "digits": self.collected}
            try:
                with replacing(self._path) as beside:
                    beside.write_text(json.dumps(content), encoding="utf-8")
            except OSError as error:
                return {"problem": str(error)}
            self._kept = self.collected
        return {}
