"""Messages in the language of the notebook; English where there is no other."""

import os

import pytest

from helpers import language


def test_without_translations_all_is_english_and_afterwards_as_before(monkeypatch, tmp_path):
    monkeypatch.setattr(language, "FOLDER", tmp_path / "absent")
    monkeypatch.delenv(language.LANGUAGE, raising=False)
    assert language.translations() == []
    for unknown in ("", "xx", "../xx"):
        with pytest.raises(ZeroDivisionError), language.using(unknown):
            assert language._("label {label}", label=5) == "label 5"
            raise ZeroDivisionError
        assert language.LANGUAGE not in os.environ
