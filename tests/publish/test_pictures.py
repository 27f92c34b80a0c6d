"""The pictures of pages are those that the code draws today; test_site.py records the pad."""

import pytest
from PIL import Image

from helpers.common.files import ROOT
from publish import translate
from publish.site import pictures
from tests.pictures import compare
from tools import translated_path


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
