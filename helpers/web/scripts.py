"""JavaScript and style sheets as one text, for pages and widgets that may load no further file."""

import json
import re
from pathlib import Path

from helpers.language import _

FOLDER = Path(__file__).resolve().parent
MESSAGE = re.compile(r'\b_\(\s*("(?:[^"\\]|\\.)*")')
SOURCE = re.compile(r'\bsourceOf\("(.+?)"\)')
IMPORT = re.compile(r'^import .*? from "(.+?)";\n', re.MULTILINE | re.DOTALL)


def bundle(*modules: str | Path) -> str:
    """Return modules of this folder, or paths, and all that they import as one text.

    The text is one module without imports and exports, so no two may give one name to two things.
    What it says is in the language that is spoken. `sourceOf("x.js")` in it becomes the text of
    that module, for a worker.
    """
    texts = {}

    def add(path):
        if path not in texts:
            text = path.read_text(encoding="utf-8")
            for name in IMPORT.findall(text):
                add((path.parent / name).resolve())
            texts[path] = re.sub("^export ", "", IMPORT.sub("", text), flags=re.MULTILINE)

    for module in modules:
        add((FOLDER / module).resolve())
    text = "\n".join(texts.values())
    text = SOURCE.sub(lambda match: json.dumps(bundle(match[1])).replace("</", "<\\/"), text)
    english = map(json.loads, MESSAGE.findall(text))
    messages = {message: _(message) for message in english if _(message) != message}
    return f"const MESSAGES = {json.dumps(messages, ensure_ascii=False)};\n{text}"


def widget(module: str, render: str) -> property:
    """Return the `_esm` of an anywidget, which the function `render` of a module shows.

    It is in the language of the moment in which the widget is made.
    """
    return property(lambda _widget: f"{bundle(module)}\nexport default {{ render: {render} }};\n")


def styles(*sheets: str | Path) -> str:
    """Return style sheets of this folder, or paths, after those of the pad and the viewer."""
    sheets = ["pad.css", "viewer.css", *sheets]
    return "\n".join((FOLDER / sheet).read_text(encoding="utf-8") for sheet in sheets)
