"""Which notebook a learner works in; tests/page opens JupyterLab and stops it."""

import errno
import json
import os
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest

import tools
from helpers.common.files import ROOT
from tests.editions import needs_chinese
from tests.scratch import write_notebook
from tools import lab

MINE = lab.COPIES


def write(path, title, **answers):
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = "answer = {1}\n\nchecks.{0}(answer)".format
    return write_notebook(path, title, *(asked(*answer) for answer in answers.items()))


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder of notebooks of the lesson."""
    monkeypatch.setattr(tools, "NOTEBOOKS", folder := tmp_path / "notebooks")
    monkeypatch.setattr(lab, "COPIES", tmp_path / "mine")
    for name in ("01_load", "02_b", "extras/better", "extras/signs", "fr/01_load", "fr/extras/b"):
        write(folder / f"{name}.ipynb", "# Old", first="...", second="...")
    return folder


@pytest.fixture
def mine(lessons):
    """The folder of the learner's copies, which aren't there yet."""
    return lab.COPIES


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ([], "01_load"),
        (["fr"], "fr/01_load"),
        (["extras"], "extras/better"),
        (["fr/extras"], "fr/extras/b"),
        (["02"], "02_b"),
        (["2"], "02_b"),
        (["02_b.ipynb"], "02_b"),
        (["signs"], "extras/signs"),
        (["extras/signs"], "extras/signs"),
        (["fr/01"], "fr/01_load"),
        (["fr", "01"], "fr/01_load"),
        (["--fresh", "02"], "02_b"),
        (["--fresh", "2"], "02_b"),
        (["--fresh", "signs"], "extras/signs"),
        (["fr", "--fresh", "1"], "fr/01_load"),
    ],
)
def test_the_first_notebook_of_a_folder_or_the_named_one_is_opened(mine, arguments, opened):
    assert lab.choose_notebook(arguments) == mine / f"{opened}.ipynb"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["nowhere"], "nowhere"),
        (["fr", "7"], "fr/7"),
        (["--fresh", "7"], "7"),
        (["fr", "--fresh=2"], "fr/2"),
    ],
)
def test_a_notebook_that_is_not_there_is_named(lessons, arguments, name, capsys):
    with pytest.raises(SystemExit):
        lab.choose_notebook(arguments)
    problem = capsys.readouterr().err.replace("\n", " ")
    assert f"python -m tools.lab: error: there is no notebook {name}; " in problem
    assert "there are 01_load, 02_b, extras/better, extras/signs, fr/01_load, fr/e" in problem


def test_jupyterlab_starts_for_root_too_and_its_kernels_find_the_helpers(mine, monkeypatch):
    """Whether or not Python can read the file by which the installation names the folder."""
    monkeypatch.setenv("PYTHONPATH", "theirs")
    monkeypatch.setattr(lab, "main", start := Mock())
    lab.start_jupyterlab(["02"])
    [arguments] = start.call_args.args
    assert arguments[0] == str(mine / "02_b.ipynb") and "--allow-root" in arguments
    assert os.environ["PYTHONPATH"] == f"{ROOT}{os.pathsep}theirs"


@needs_chinese
def test_a_chinese_notebook_is_renewed_with_a_message_in_chinese(lessons, mine, capsys):
    write(lessons / "zh_CN" / "01_load.ipynb", "# 新")
    lab.choose_notebook(["zh_CN"])
    lab.choose_notebook(["zh_CN", "--fresh", "01"])
    kept_path = mine / "zh_CN" / "01_load (1).ipynb"
    assert capsys.readouterr().out == f"原来的 notebook 文件保存为 {kept_path}。\n"


def test_git_ignores_the_copies():
    assert f"\n{MINE.name}/\n" in (ROOT / ".gitignore").read_text()


@pytest.fixture
def updated(lessons, mine, capsys):
    """Return what a learner has saved in 02_b before an update of 01_load and 02_b."""
    lab.choose_notebook([])
    saved = write(mine / "02_b.ipynb", "# Yours", first=5, second=7).read_bytes()
    for name in ("01_load.ipynb", "02_b.ipynb"):
        write(lessons / name, "# New", first="...", another="...")
    return saved


def test_an_update_renews_a_copy_unless_it_was_saved_and_says_so(mine, updated, capsys):
    lab.choose_notebook([])
    assert "# New" in (mine / "01_load.ipynb").read_text()  # which nobody had saved
    assert (mine / "02_b.ipynb").read_bytes() == updated
    output = capsys.readouterr().out
    assert output.count("The lesson has a new 02_b.ipynb. Yours stays as it is.") == 1


def test_a_fresh_copy_has_the_answers_to_the_same_questions_and_the_old_one_is_kept(
    mine, updated, capsys
):
    fresh = lab.choose_notebook(["--fresh", "02"])
    kept = mine / "02_b (1).ipynb"
    assert capsys.readouterr().out == f"Your old notebook is kept as {kept}.\n"
    assert kept.read_bytes() == updated
    text = fresh.read_text()
    assert "# New" in text and "answer = 5" in text
    assert text.count("of an earlier run") == 1, "only the learner's cells come with outputs"
    assert "checks.another" in text
    assert "answer = 7" not in text, "this was the answer to another question"


def test_a_notebook_that_another_program_holds_stays_where_it_is(
    mine, updated, monkeypatch, capsys
):
    """Windows replaces no such file."""
    copy = mine / "02_b.ipynb"
    before = copy.read_bytes()
    replace = os.replace

    def replace_unless_held(source, target):
        if target == copy:
            raise PermissionError(errno.EACCES, "Permission denied")
        replace(source, target)

    monkeypatch.setattr("helpers.common.files.os.replace", replace_unless_held)
    monkeypatch.setattr("helpers.common.files.SECONDS_BETWEEN_TRIES", ())
    assert lab.choose_notebook(["--fresh", "02"]) == copy
    assert copy.read_bytes() == before and [*mine.glob("02_b*")] == [copy]
    said = capsys.readouterr().out
    assert "can't be written (Permission denied)" in said and "You have no copy" not in said


def test_a_fresh_copy_stays_as_it_is_at_the_next_start(mine, updated, capsys):
    text = lab.choose_notebook(["--fresh", "02"]).read_text()
    capsys.readouterr()
    lab.choose_notebook([])
    assert (mine / "02_b.ipynb").read_text() == text and capsys.readouterr().out == ""


CELL = {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": []}
HEAD = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
NO_SOURCE = HEAD | {"cells": [CELL]}
NO_METADATA = HEAD | {"cells": [{"cell_type": "markdown", "id": "a", "source": "x"}]}
DAMAGED = [{}, [], None, 5, HEAD, HEAD | {"cells": [5]}, NO_SOURCE, NO_METADATA]
DAMAGED = ["damaged", "", "[" * 99_999, "\udcff", *map(json.dumps, DAMAGED)]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_notebook_is_kept_and_a_fresh_one_opens(mine, content, capsys):
    damaged = content.encode(errors="surrogateescape")
    lab.choose_notebook([])
    (mine / "02_b.ipynb").write_bytes(damaged)
    fresh = lab.choose_notebook(["--fresh", "02"])
    assert capsys.readouterr().out == (
        "02_b.ipynb is damaged, so your answers in it can't be carried over.\n"
        f"Your old notebook is kept as {mine / '02_b (1).ipynb'}.\n"
    )
    assert (mine / "02_b (1).ipynb").read_bytes() == damaged and "# Old" in fresh.read_text()


def test_answers_that_were_saved_by_an_older_jupyter_without_ids_do_no_harm(mine, capsys):
    lab.choose_notebook([])
    old = HEAD | {"nbformat_minor": 4, "cells": [CELL | {"source": "checks.first(5)"}]}
    del old["cells"][0]["id"]
    (mine / "02_b.ipynb").write_text(json.dumps(old))
    assert "answer = ..." in lab.choose_notebook(["--fresh", "02"]).read_text()
    assert "checks.first(5)" in (mine / "02_b (1).ipynb").read_text()


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "null",
        "[1]",
        "5",
        "",
        "\udcff",
        '{"02_b.ipynb": 5}',
        '{"02_b.ipynb": null}',
        '{"02_b.ipynb": {"notebook": 1}}',
    ],
)
def test_without_the_list_of_copies_all_are_yours(lessons, mine, content, capsys):
    lab.choose_notebook([])
    (mine / ".copied.json").write_bytes(content.encode(errors="surrogateescape"))
    yours = write(mine / "02_b.ipynb", "# Yours", first=5).read_bytes()
    write(lessons / "02_b.ipynb", "# New", first="...")
    assert lab.choose_notebook([]) == mine / "01_load.ipynb"
    assert lab.choose_notebook([]) == mine / "01_load.ipynb"
    assert (mine / "02_b.ipynb").read_bytes() == yours


def test_your_notebook_is_opened_from_a_full_disk_with_a_sentence(
    lessons, mine, monkeypatch, capsys
):
    lab.choose_notebook([])
    yours = write(mine / "02_b.ipynb", "# Yours", first=5).read_bytes()
    full = Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(Path, "write_bytes", full)
    problem = f"{mine} can't be written (No space left on device). Free some space on the disk, or "
    assert lab.choose_notebook([]) == mine / "01_load.ipynb"
    assert problem in capsys.readouterr().out, "the copies are up to date, and nothing is said"
    assert lab.choose_notebook(["--fresh", "02"]) == mine / "02_b.ipynb"
    assert problem in capsys.readouterr().out
    assert (mine / "02_b.ipynb").read_bytes() == yours and not (mine / "02_b (1).ipynb").exists()
    (mine / "01_load.ipynb").unlink()
    assert lab.choose_notebook([]) == lessons / "01_load.ipynb"
    output = capsys.readouterr().out
    assert (
        problem in output
        and "You have no copy of this notebook yet, so the lesson's own one opens." in output
    )


def test_the_start_says_nothing_and_leaves_no_file_where_you_can_save(mine, capsys):
    lab.choose_notebook([])
    files = sorted(mine.rglob("*"))
    lab.choose_notebook([])
    assert capsys.readouterr().out == "" and sorted(mine.rglob("*")) == files


def test_a_class_gets_copies_without_solutions_and_later_ones_have_none_either(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(lab, "COPIES", tmp_path)
    path = lab.choose_notebook([])
    assert "Solution" in path.read_text("utf-8")
    saved = write(tmp_path / "03_train.ipynb", "# Yours", first=5).read_bytes()
    lab.choose_notebook(["--without-solutions"])  # copies that nobody has saved are made anew
    lab.choose_notebook([])
    optional = [path for path in tools.english_notebooks() if path.parent.name == "extras"]
    for path in [
        tools.NOTEBOOKS / "01_load.ipynb",
        tools.NOTEBOOKS / "04_evaluate.ipynb",
        *optional,
    ]:
        cells = nbformat.read(tmp_path / path.relative_to(tools.NOTEBOOKS), 4).cells
        assert "Solution" not in "".join(cell.source for cell in cells)
        assert cells[-1].source.startswith(("## Next", "## Where to go next")), "too much is gone"
    assert (tmp_path / "03_train.ipynb").read_bytes() == saved
    fresh = lab.choose_notebook(["--fresh", "03"])
    assert "## Next" in fresh.read_text("utf-8") and "Solution" not in fresh.read_text("utf-8")
