"""Cut a font down to the characters that the figures show in a language.

    npm pack @fontsource/noto-sans-sc@5.3.0
    tar -xzf fontsource-noto-sans-sc-5.3.0.tgz
    python -m publish.make_font zh_CN package/files/noto-sans-sc-chinese-simplified-400-normal.woff

The font's licence must allow it, and lie beside it in the folder of the language.
"""

import argparse

import nbformat
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.font_manager import findfont

from helpers import language
from helpers.files import ROOT, replacing
from publish import translate
from tools.execute import four_notebooks


def needed(spoken: str) -> set[str]:
    """Return the characters, beyond those of Matplotlib's own font, that the figures show.

    They stand in what `helpers/plots` says, and in the cells that call it.
    """
    entries = translate.said_by(translate.catalogue(spoken), "helpers/plots/")
    shown = [entry.msgstr for entry in entries]
    for path in four_notebooks():
        made = translate.make(path.relative_to(ROOT).as_posix(), spoken)
        cells = nbformat.reads(made, 4).cells
        shown += [cell.source for cell in cells if "plots." in cell.source]
    own = TTFont(findfont("DejaVu Sans")).getBestCmap()
    return {letter for letter in "".join(shown) if letter.isprintable() and ord(letter) not in own}


def main(arguments: list[str] | None = None) -> None:
    """Write the smaller font, named after its family, into the folder of the language."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", choices=language.translations())
    parser.add_argument("font", help="a file of the whole font, .ttf, .otf or .woff")
    options = parser.parse_args(arguments)
    if not (letters := needed(options.language)):
        parser.error("Matplotlib's own font has all that the figures show.")
    font = TTFont(options.font, recalcTimestamp=False)
    cut = subset.Subsetter(subset.Options(layout_features=[], hinting=False))
    cut.populate(text="".join(letters))
    cut.subset(font)
    font.flavor = None  # no compression, which Matplotlib can't read
    for record in font["name"].names:  # a static cut of a variable font is named after its start
        record.string = str(record).replace(" Thin", "").replace("Thin-", "-")
    family = font["name"].getDebugName(1).replace(" ", "")
    path = language.FOLDER / options.language / f"{family}.ttf"
    with replacing(path) as beside:
        font.save(beside)
    print(f"{path.name}: {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    main()
