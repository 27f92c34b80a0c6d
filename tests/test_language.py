"""Messages in the language of the notebook; English where there is no other."""

import os

import pytest

from helpers import language


@pytest.mark.parametrize("before", [None, "xx"])
def test_afterwards_the_language_is_what_it_was_or_not_set(monkeypatch, before):
    monkeypatch.setenv(language.LANGUAGE, before or "")
    if before is None:
        monkeypatch.delenv(language.LANGUAGE)
    with pytest.raises(RuntimeError), language.using("yy"):
        assert language.chosen() == "yy"
        raise RuntimeError
    assert os.environ.get(language.LANGUAGE) == before


def test_without_translations_all_is_english(monkeypatch, tmp_path):
    monkeypatch.setattr(language, "FOLDER", tmp_path / "absent")
    assert language.translations() == []
    for unknown in ("", "xx", "../xx"):
        monkeypatch.setenv(language.LANGUAGE, unknown)
        assert language._("label {label}", label=5) == "label 5"
