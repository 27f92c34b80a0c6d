"""JavaScript modules as one text, for pages and widgets that may load no further file."""

import re
from pathlib import Path

IMPORT = re.compile(r'^import .*? from "(.+?)";\n', re.MULTILINE | re.DOTALL)


def bundle(*modules: Path) -> str:
    """Return the text of modules and of all that they import, each once and after its imports.

    The text is one module without imports and exports, so no two may give one name to two things.
    """
    texts = {}

    def add(module):
        module = module.resolve()
        if module not in texts:
            text = module.read_text(encoding="utf-8")
            for name in IMPORT.findall(text):
                add(module.parent / name)
            texts[module] = re.sub("^export ", "", IMPORT.sub("", text), flags=re.MULTILINE)

    for module in modules:
        add(module)
    return "\n".join(texts.values())


def widget(module: Path, render: str) -> str:
    """Return the module that an anywidget wants, which shows itself by the function `render`."""
    return f"{bundle(module)}\nexport default {{ render: {render} }};\n"
