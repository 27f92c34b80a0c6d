"""The configuration of Sphinx, as it is read while the site is built."""

import runpy

from helpers.common.files import ROOT
from publish import translate


def test_a_language_that_was_just_begun_does_not_stop_the_site(tmp_path, monkeypatch):
    (tmp_path / "fr").mkdir()
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    configuration = runpy.run_path(str(ROOT / "publish" / "site" / "conf.py"))
    assert configuration["SOLUTIONS"] == {"Solutions"}
