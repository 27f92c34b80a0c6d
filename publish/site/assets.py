"""Styles and pictures of the built pages, so that a phone loads little before it shows a page."""

import base64
import hashlib
import io
import os
import re
from itertools import pairwise
from pathlib import Path

import tinycss2
from PIL import Image

from tools.commands import write_or_exit

STYLE_LINK = re.compile(r'[ \t]*<link [^>]*?href="([^"?]*_static/)([^"?]+\.css)[^>]*>\n?')
# The theme asks for its scripts before the styles, and doesn't need them so early.
SCRIPT_PRELOAD = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')
SCRIPT = re.compile(r'<script [^>]*src="([^"?]+)')
IMAGE = re.compile(r'<img ([^>]*?)src="([^"]+)"([^>]*?) ?/?>')
DATA_ADDRESS = "data:image/png;base64,"
WORD = re.compile(r"[\w-]+")
WIDTH = re.compile(r'\bwidth="(\d+)"')
MIN_FILE_SIZE = 4000  # bytes of an image, below which it stays in its page
# Our own styles, in the order of a page. They stay whole, because scripts put some of their classes
# together, such as map-3d.
OWN_SHEETS = ["site.css", "icons.css", "live.css", "formulas.css"]
BUILT_CLASS = "bs-"  # Bootstrap's script puts together classes that begin like this


def lighten_pages(folder: Path) -> None:
    """Let each built page in `folder` load one small style sheet, and pictures as it needs them."""
    paths = [path for path in folder.rglob("*.html") if "_static" not in path.parts]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    pages = {path: text for path, text in pages.items() if STYLE_LINK.search(text)}
    words = used_words(pages)
    sheets = {}  # what is written, by the folder _static of each language
    for path, text in pages.items():
        links = list(STYLE_LINK.finditer(text))
        address = links[0][1]  # of the folder _static, seen from the page
        static = (path.parent / address).resolve()
        if static not in sheets:
            sheets[static] = "".join(styles_of_page(static / link[2], words) for link in links)
            write_or_exit(static / "page.css", sheets[static])
        before, after = text[: links[0].start()], text[links[0].end() :]
        link = f'    <link rel="stylesheet" href="{address}page.css">\n'
        text = before + link + SCRIPT_PRELOAD.sub("", STYLE_LINK.sub("", after))
        write_or_exit(path, lighten_images(text, path.parent, static.parent / "_images"))
    for path in folder.rglob("_images/*.png"):
        path.unlink()


def used_words(pages: dict[Path, str]) -> set[str]:
    """Return all words in the texts of pages, by path, and in the scripts that these pages load."""
    scripts = {path.parent / name for path, text in pages.items() for name in SCRIPT.findall(text)}
    texts = [script.read_text("utf-8") for script in {path.resolve() for path in scripts}]
    return {word for text in [*pages.values(), *texts] for word in WORD.findall(text)}


def styles_of_page(sheet: Path, words: set[str]) -> str:
    """Return one of our own style sheets whole, and of another one the styles that are used."""
    if sheet.name in OWN_SHEETS:
        return sheet.read_text(encoding="utf-8")
    return used_styles(sheet, words)


def used_styles(sheet: Path, words: set[str]) -> str:
    """Return the styles of a sheet, and of those that it imports, for classes among `words`.

    Fonts are left out: the only one of the theme draws its icons, and icons.css draws them.
    """
    rules = tinycss2.parse_stylesheet(sheet.read_text("utf-8"), skip_comments=True)
    text = ""
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            [path] = [token.value for token in rule.prelude if token.type in ("string", "url")]
            text += used_styles(sheet.parent / path, words)
        else:
            text += rule_text(rule, words)
    return text


def rule_text(rule, words: set[str]) -> str:
    """Return a rule without selectors whose classes aren't among `words`, or nothing."""
    if rule.type == "qualified-rule":
        selectors = [one for one in split_selectors(rule.prelude) if classes(one) <= words]
        names = ",".join(tinycss2.serialize(selector).strip() for selector in selectors)
        return f"{names}{{{tinycss2.serialize(rule.content).strip()}}}\n" if names else ""
    if rule.type != "at-rule":
        return ""
    keyword = rule.lower_at_keyword
    if keyword in ("font-face", "charset"):
        return ""
    if keyword not in ("media", "supports", "container", "layer") or rule.content is None:
        return f"{rule.serialize()}\n"
    rules = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    content = "".join(rule_text(inner, words) for inner in rules)
    return f"@{keyword}{tinycss2.serialize(rule.prelude)}{{\n{content}}}\n" if content else ""


def split_selectors(prelude: list) -> list[list]:
    """Return the selectors of a rule, each as a list of tokens."""
    selectors = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def classes(selector: list) -> set[str]:
    """Return the classes that an element has to have, or to stand in, for a selector to match."""
    pairs = pairwise(selector)
    names = {name.value for dot, name in pairs if dot.type == "literal" and dot.value == "."}
    return {name for name in names if not name.startswith(BUILT_CLASS)}


def lighten_images(text: str, folder: Path, images: Path) -> str:
    """Return the text of a page in `folder` with its PNG images as WebP files, in `images`.

    The browser loads the first image with the page. It loads the others when it needs them, so
    each has its size, and nothing moves then.
    """
    loading = iter(["eager"])

    def replace(match: re.Match) -> str:
        before, source, after = match.groups()
        if source.startswith(DATA_ADDRESS):
            data = base64.b64decode(source.removeprefix(DATA_ADDRESS))
            name = hashlib.sha256(data).hexdigest()
        elif source.endswith(".png"):
            data = (folder / source).read_bytes()
            name = Path(source).stem
        else:
            return match[0]
        if source.startswith(DATA_ADDRESS) and len(data) < MIN_FILE_SIZE:
            return match[0]
        path = images / f"{name}.webp"
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                image.save(path, lossless=True)
        if stated := WIDTH.search(before + after):
            height = round(height * int(stated[1]) / width)
            size = f'height="{height}"'
        else:
            size = f'width="{width}" height="{height}"'
        address = Path(os.path.relpath(path, folder)).as_posix()
        when = next(loading, "lazy")
        return f'<img {before}src="{address}"{after} {size} loading="{when}">'

    return IMAGE.sub(replace, text)
