"""Commands of publish: a mistyped name or option changes nothing, and says what there is."""

from unittest.mock import Mock

import pytest

from publish import translate
from publish.named import call_named


def test_an_unknown_name_is_refused_before_anything_is_made(capsys):
    functions = {"seeds": Mock(), "moved": Mock()}
    with pytest.raises(SystemExit):
        call_named(functions, "publish.record", "Record.", ["seeds", "move"])
    assert "there is no move; name one or more of seeds, moved" in capsys.readouterr().err
    assert not functions["seeds"].called
    call_named(functions, "publish.record", "Record.", ["moved"])
    assert functions["moved"].called and not functions["seeds"].called
    call_named(functions, "publish.record", "Record.", [])
    assert functions["moved"].call_count == 2 and functions["seeds"].called


def test_a_mistyped_option_changes_no_translation(monkeypatch, capsys):
    update = Mock()
    monkeypatch.setattr(translate, "update_translations", update)
    with pytest.raises(SystemExit):
        translate.run_command(["--cuont"])
    assert "unrecognized arguments: --cuont" in capsys.readouterr().err and not update.called
    translate.run_command(["--count"])
    update.assert_called_once_with(only_count=True)
