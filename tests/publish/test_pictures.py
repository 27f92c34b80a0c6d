"""The pictures of pages are those that the code draws today; test_site.py records the pad."""

import os
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from PIL import Image

from helpers.common.files import ROOT
from helpers.common.language import font_files
from publish import translate
from publish.site import pictures
from tests.editions import needs_chinese
from tests.pictures import compare
from tools import translated_path
from tools.browser import launch_browser


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The folder in which the pictures of pages, in each language, are drawn again."""
    folder = tmp_path_factory.mktemp("root")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "ROOT", folder)
        pictures.save_edges()
    return folder


EDGES = [translated_path("docs/edges.png", own) for own in ["", *translate.languages()]]


@pytest.mark.parametrize("path", EDGES)
def test_a_picture_is_as_it_is_drawn_today(drawn, path):
    today, committed = (Image.open(folder / path).convert("RGB") for folder in (drawn, ROOT))
    assert not compare(today, committed).any(), "`make pictures` draws it again"


def launch_with_fonts(chromium, folder, *font_folders):
    """Start a browser that finds the fonts in some folders, and no others of this machine."""
    places = "".join(f"<dir>{path}</dir>" for path in font_folders)
    settings = folder / "fonts.conf"
    settings.write_text(f"<fontconfig>{places}<cachedir>{folder}</cachedir></fontconfig>")
    launch = partial(
        chromium.browser_type.launch, env=os.environ | {"FONTCONFIG_FILE": str(settings)}
    )
    return launch_browser(SimpleNamespace(chromium=SimpleNamespace(launch=launch)))


@needs_chinese
@pytest.mark.skipif(sys.platform != "linux", reason="fontconfig chooses the fonts on Linux alone")
def test_without_a_chinese_font_no_picture_is_taken(chromium, tmp_path):
    latin = Path(matplotlib.get_data_path(), "fonts", "ttf")
    browser = launch_with_fonts(chromium, tmp_path, latin)
    with pytest.raises(SystemExit, match=r"No font .* 中文.*fonts-noto-cjk"):
        pictures.check_fonts(browser)
    browser.close()
    [chinese, *_others] = font_files("zh_CN")
    browser = launch_with_fonts(chromium, tmp_path, latin, chinese.parent)
    pictures.check_fonts(browser)
    browser.close()
