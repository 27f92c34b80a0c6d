"""What the theme of the site says, on pages in another language than English."""

import re
from pathlib import Path

from helpers.common.language import _
from tools.commands import write_or_exit


def theme_texts() -> dict[str, str]:
    """Return the English texts of the theme that it doesn't translate, with their translations."""
    return {
        "Search...": _("Search..."),
        "Toggle primary sidebar": _("Toggle primary sidebar"),
        "Toggle secondary sidebar": _("Toggle secondary sidebar"),
        "Color mode": _("Color mode"),
        "System Settings": _("System Settings"),
        "Main": _("Main"),
        "Page": _("Page"),
    }


def translate_theme(folder: Path) -> None:
    """Translate what the theme says on the built pages in `folder` into the current language.

    These texts are the names and hints of elements, and the whole texts of buttons.
    """
    texts = theme_texts()
    choice = "|".join(map(re.escape, texts))
    places = re.compile(rf'((?:title|aria-label|placeholder)="|</i>)({choice})(?=["<])')
    for path in folder.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        html = places.sub(lambda match: match[1] + texts[match[2]], html)
        write_or_exit(path, html)
