"""JavaScript and style sheets as one text, for pages and widgets that may load no further file."""

import json
import re
from pathlib import Path

from jinja2 import Environment

from helpers.common.language import _

FOLDER = Path(__file__).resolve().parents[1] / "page"
MESSAGE = re.compile(r'\b_\(\s*("(?:[^"\\]|\\.)*")')
TEMPLATE = re.compile(r'\bhtmlOf\("(.+?)"\)')
SOURCE = re.compile(r'\bsourceOf\("(.+?)"\)')
NAMES_IN_BRACES = r"\{\s*((?:\w+,\s*)*\w*)\s*\}"
IMPORT = re.compile(rf'^(?:import|export) {NAMES_IN_BRACES} from "(.+?)";\n', re.MULTILINE)
# A file of JSON becomes a constant, whose name is that of the file in capitals.
JSON_IMPORT = re.compile(r'^import ([A-Z_]+) from "(.+?)" with \{ type: "json" \};\n', re.MULTILINE)
OTHER_IMPORT = re.compile(r"^(?:import\b|export [{*]).*", re.MULTILINE)
STYLE_COMMENT = re.compile(r"\s*/\*.*?\*/|^\s+", re.MULTILINE | re.DOTALL)  # and what indents
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?s:.*?)\*/)\n", re.MULTILINE)  # of whole lines
# A remark behind code on the same line. What stands before it has each string as a whole.
STRING = r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\\n]|\\.)*`'
REMARK = re.compile(rf"""^((?:[^"'`/\n]|/(?!/)|{STRING})*?) +// .*$""", re.MULTILINE)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
INDEX_MODULE = "index.js"  # of each folder: it names what modules of other folders may import


def bundle(*modules: str | Path) -> str:
    """Return modules of `helpers/page`, or paths, and all that they import as one text.

    The text is one module without imports and exports, so no two may give one name to two things.
    An `index.js` adds only the modules from which a name is imported. Comments stay behind, and so
    do the blanks before a line, so that a page is smaller.

    What the text says is in the language that is spoken. `htmlOf("x.jinja")` in it becomes the HTML
    of that template, and `sourceOf("x.js")` the text of that module, for a worker.

    A file of JSON becomes a constant, as in
    `import CLASS_NAMES from "../shared/class_names.json" with { type: "json" };`.

    Raises ValueError, which names the module, for any other import than a list of names or such a
    constant.
    """
    texts = {}

    def add(path, wanted):
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        is_index = path.name == INDEX_MODULE
        for listed, name in IMPORT.findall(text):
            names = set(re.findall(r"\w+", listed))
            if not is_index or names & wanted:
                add((path.parent / name).resolve(), names)
        for constant, name in JSON_IMPORT.findall(text):
            add_json((path.parent / name).resolve(), constant)
        text = COMMENT.sub("", JSON_IMPORT.sub("", IMPORT.sub("", text)))
        text = REMARK.sub(r"\1", text)
        if other := OTHER_IMPORT.search(text):
            raise ValueError(f"{path.name}: a bundle can't have this import: {other[0]}")
        if not is_index:
            texts[path] = re.sub("^export ", "", text, flags=re.MULTILINE)

    def add_json(path, constant):
        if constant != path.stem.upper():
            raise ValueError(f"{path.name}: a bundle calls it {path.stem.upper()}, not {constant}")
        content = json.loads(path.read_text(encoding="utf-8"))
        texts[path] = f"const {constant} = {json.dumps(content)};\n"

    for module in modules:
        add((FOLDER / module).resolve(), set())
    # No template string has several lines.
    text = INDENT.sub("", re.sub("\n+", "\n", "\n".join(texts.values())))
    text = TEMPLATE.sub(lambda match: _string_literal(render_template(match[1])), text)
    text = SOURCE.sub(lambda match: _string_literal(bundle(match[1])), text)
    return MESSAGE.sub(_translate, text)


def _translate(call: re.Match) -> str:
    """Return the beginning of a call of `_`, with its message in the language that is spoken."""
    return f"_({json.dumps(_(json.loads(call[1])), ensure_ascii=False)}"


def _string_literal(text: str) -> str:
    """Return a text as a string of JavaScript that can't end the element of a script."""
    return json.dumps(text, ensure_ascii=False).replace("</", "<\\/")


def render_template(name: str) -> str:
    """Return the HTML of a Jinja template of `helpers/page`, in the language that is spoken."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["_"] = _
    template = environment.from_string((FOLDER / name).read_text(encoding="utf-8"))
    return INDENT.sub("", template.render())


def widget_script(module: str, render: str) -> property:
    """Return the `_esm` of an anywidget, which the function `render` of a module shows.

    It is in the language of the moment in which the widget is made.
    """
    return property(lambda _widget: f"{bundle(module)}\nexport default {{ render: {render} }};\n")


def shared_widget_script(module: str, function: str) -> property:
    """Return the `_esm` of an anywidget whose views share what a function of a module returns.

    It is in the language of the moment in which the widget is made.
    """
    return property(lambda _widget: f"{bundle(module)}\nexport default {function};\n")


def bundle_styles(*sheets: str | Path) -> str:
    """Return style sheets of `helpers/page`, or paths, after those of buttons, pad and viewer.

    What is only for those who read the sheets is left out.
    """
    sheets = ["elements/elements.css", "pad/pad.css", "viewer/viewer.css", *sheets]
    texts = [(FOLDER / sheet).read_text(encoding="utf-8") for sheet in sheets]
    return STYLE_COMMENT.sub("", "\n".join(texts))
