"""Messages in the language of the notebook; English where there is no other."""

import os

import pytest

from helpers import language


@pytest.mark.parametrize("before", [None, "xx"])
def test_a_language_is_used_for_a_while(monkeypatch, before):
    """Afterwards the variable is what it was, also where it was not set."""
    monkeypatch.setenv(language.LANGUAGE, "")  # so that monkeypatch puts it back in any case
    monkeypatch.delenv(language.LANGUAGE)
    if before:
        monkeypatch.setenv(language.LANGUAGE, before)
    with pytest.raises(RuntimeError), language.using("yy"):
        assert language.chosen() == "yy"
        raise RuntimeError
    assert os.environ.get(language.LANGUAGE) == before
    assert language.chosen() == (before or "en")


def test_without_translations_all_is_english(monkeypatch, tmp_path):
    monkeypatch.setattr(language, "FOLDER", tmp_path / "absent")
    assert language.translations() == []
    for unknown in ("", "xx", "../xx"):
        monkeypatch.setenv(language.LANGUAGE, unknown)
        assert language._("label {label}", label=5) == "label 5"
