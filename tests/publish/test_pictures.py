"""The pictures of pages are those that the code draws today; test_site.py records the pad."""

import pytest
from PIL import Image

from helpers.files import ROOT
from publish import translate
from publish.links import translated_path
from publish.site import pictures
from tests.pictures import compare


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The folder in which docs/journey.png is drawn again in each language."""
    folder = tmp_path_factory.mktemp("root")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "ROOT", folder)
        pictures.save_journey()
    return folder


@pytest.mark.parametrize("language", ["", *translate.languages()])
def test_the_way_of_a_digit_is_as_it_is_drawn_today(drawn, language):
    path = translated_path("docs/journey.png", language)
    today, committed = (Image.open(folder / path).convert("RGB") for folder in (drawn, ROOT))
    assert not compare(today, committed).any(), "`make pictures` draws it again"
