"""JavaScript and style sheets as one text, for pages and widgets that may load no further file."""

import json
import re
from pathlib import Path

from helpers.language import _

FOLDER = Path(__file__).resolve().parent
MESSAGE = re.compile(r'\b_\(\s*("(?:[^"\\]|\\.)*")')
SOURCE = re.compile(r'\bsourceOf\("(.+?)"\)')
NAMES = r"\{\s*((?:\w+,\s*)*\w*)\s*\}"
IMPORT = re.compile(rf'^(?:import|export) {NAMES} from "(.+?)";\n', re.MULTILINE)
OTHER_IMPORT = re.compile(r"^(?:import\b|export [{*]).*", re.MULTILINE)
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?s:.*?)\*/)\n", re.MULTILINE)  # of whole lines
INDENTATION = re.compile("(?<=\n) +")
FRONT_DOOR = "index.js"  # of each folder: it names what modules of other folders may import


def bundle(*modules: str | Path) -> str:
    """Return modules of this folder, or paths, and all that they import as one text.

    The text is one module without imports and exports, so no two may give one name to two things.
    A front door adds only the modules from which a name is imported. Comments that take whole lines
    and indentation stay behind, so that a page is smaller. What the text says is in the language
    that is spoken. `sourceOf("x.js")` in it becomes the text of that module, for a worker.

    Raises ValueError, which names the module, for an import that isn't a list of names.
    """
    texts = {}

    def add(path, wanted):
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        is_front_door = path.name == FRONT_DOOR
        for listed, name in IMPORT.findall(text):
            names = set(re.findall(r"\w+", listed))
            if not is_front_door or names & wanted:
                add((path.parent / name).resolve(), names)
        text = COMMENT.sub("", IMPORT.sub("", text))
        if other := OTHER_IMPORT.search(text):
            raise ValueError(f"{path.name}: a bundle can't have this import: {other[0]}")
        if not is_front_door:
            texts[path] = _without_indentation(re.sub("^export ", "", text, flags=re.MULTILINE))

    for module in modules:
        add((FOLDER / module).resolve(), set())
    text = "\n".join(texts.values())
    text = SOURCE.sub(lambda match: json.dumps(bundle(match[1])).replace("</", "<\\/"), text)
    english = map(json.loads, MESSAGE.findall(text))
    messages = {message: _(message) for message in english if _(message) != message}
    return f"const MESSAGES = {json.dumps(messages, ensure_ascii=False)};\n{text}"


def _without_indentation(text: str) -> str:
    """Return a script without the spaces that begin its lines, but for those within backticks."""
    parts = text.split("`")
    parts[::2] = [INDENTATION.sub("", code) for code in parts[::2]]
    return "`".join(parts)


def widget(module: str, render: str) -> property:
    """Return the `_esm` of an anywidget, which the function `render` of a module shows.

    It is in the language of the moment in which the widget is made.
    """
    return property(lambda _widget: f"{bundle(module)}\nexport default {{ render: {render} }};\n")


def shared_widget(module: str, function: str) -> property:
    """Return the `_esm` of an anywidget whose views share what a function of a module returns.

    It is in the language of the moment in which the widget is made.
    """
    return property(lambda _widget: f"{bundle(module)}\nexport default {function};\n")


def styles(*sheets: str | Path) -> str:
    """Return style sheets of this folder, or paths, after those of the pad and the viewer."""
    sheets = ["pad/pad.css", "viewer/viewer.css", *sheets]
    return "\n".join((FOLDER / sheet).read_text(encoding="utf-8") for sheet in sheets)
