"""The theme's pages with simple drawings for icons, and without what they then do without."""

import re

# What the theme brings along, and search.js and these icons replace.
UNUSED = ["searchtools.js", "language_data.js", "searchindex.js", "fontawesome*", "vendor"]
ICONS = {
    "angle-left": "M10 2 4 8l6 6",
    "angle-right": "m6 2 6 6-6 6",
    "arrow-up": "M8 14V2M3 7l5-5 5 5",
    "bars": "M1 3h14M1 8h14M1 13h14",
    "circle-half-stroke": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM9 2v12M11 3v10M13 5v6",
    "github": "M5 4 1 8l4 4M11 4l4 4-4 4M9.5 3l-3 10",
    "list": "M1 3h1M5 3h10M1 8h1M5 8h10M1 13h1M5 13h10",
    "magnifying-glass": "M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM11 11l4 4",
    "moon": "M13.5 10A6 6 0 1 1 7 2a5 5 0 0 0 6.5 8z",
    "rocket": "M4 2l9 6-9 6z",
    "sun": "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6zM8 1v1M8 14v1M1 8h1M14 8h1"
    "M3 3l.7.7M12.3 12.3l.7.7M3 13l.7-.7M12.3 3.7l.7-.7",
}
ICON = rf'(<(?:i|span) class="[^"]*\bfa-({"|".join(ICONS)})\b[^"]*"[^>]*>)(?=</)'


def repaired(html: str) -> str:
    """Return a page of the theme with its icons drawn and all of it named for screen readers."""
    files = "|".join(UNUSED).replace("*", "")
    html = re.sub(rf'<(script|link)[^>]* (src|href)="[^"]*({files})[^>]*>(</script>)?\n?', "", html)
    for names in (r"<button[^>]* search-button-field[^>]*?", "<summary"):  # the text is the name
        html = re.sub(rf'({names}) aria-label="[^"]*"', r"\1", html)
    html = html.replace('id="pst-primary-sidebar"', 'id="pst-primary-sidebar" role="complementary"')
    return re.sub(ICON, drawn, html)


def drawn(icon: re.Match) -> str:
    """Return the element of an icon with its drawing in it."""
    path = ICONS[icon[2]]
    return f'{icon[1]}<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg>'
