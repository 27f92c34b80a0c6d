"""Which notebook a learner works in; tests/web opens JupyterLab and stops it."""

import nbformat
import pytest

import tools
from helpers.files import ROOT
from tests.scratch import write_notebook
from tools import lab


def write(path, title, **answers):
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = "answer = {1}\n\nchecks.{0}(answer)".format
    return write_notebook(path, title, *(asked(*answer) for answer in answers.items()))


def test_yours_is_left_alone_and_a_fresh_one_has_your_answers(tmp_path, monkeypatch, capsys):
    assert f"\n{lab.MINE.name}/\n" in (ROOT / ".gitignore").read_text()
    lessons, mine = tmp_path / "notebooks", tmp_path / "mine"
    monkeypatch.setattr(tools, "NOTEBOOKS", lessons)
    monkeypatch.setattr(lab, "MINE", mine)
    for name in ("01_load.ipynb", "02_b.ipynb", "fr/01_load.ipynb"):
        write(lessons / name, "# Old", first="...", second="...")
    assert lab.prepare([]) == mine / "01_load.ipynb"
    assert lab.prepare(["fr"]) == mine / "fr" / "01_load.ipynb"
    with pytest.raises(SystemExit):
        lab.prepare(["no_such_language"])

    yours = write(mine / "02_b.ipynb", "# Yours", first=5, second=7).read_bytes()
    for name in ("01_load.ipynb", "02_b.ipynb"):
        write(lessons / name, "# New", first="...", another="...")
    lab.prepare([])
    assert "# New" in (mine / "01_load.ipynb").read_text()  # which nobody had saved
    assert (mine / "02_b.ipynb").read_bytes() == yours
    assert capsys.readouterr().out.count("02_b.ipynb has changed; yours is left as it is.") == 1

    fresh = lab.prepare(["--fresh", "02"])
    assert capsys.readouterr().out == f"Yours is kept as {mine / '02_b (1).ipynb'}.\n"
    assert (mine / "02_b (1).ipynb").read_bytes() == yours
    text = fresh.read_text()
    assert "# New" in text and "answer = 5" in text
    assert text.count("of an earlier run") == 1  # only your cells come with outputs
    assert "checks.another" in text and "answer = 7" not in text  # which was to another question
    lab.prepare([])
    assert fresh.read_text() == text and capsys.readouterr().out == ""

    fresh.write_text("damaged")
    lab.prepare(["--fresh", "02"])
    assert (mine / "02_b (2).ipynb").read_text() == "damaged" and "# New" in fresh.read_text()
    monkeypatch.setattr(lab, "MINE", fresh / "can't be made")
    assert lab.prepare([]) == lessons / "01_load.ipynb"


def test_a_class_gets_copies_without_solutions_and_later_ones_have_none_either(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(lab, "MINE", tmp_path)
    path = lab.prepare([])
    assert "Solution" in path.read_text("utf-8")
    saved = write(tmp_path / "03_train.ipynb", "# Yours", first=5).read_bytes()
    lab.prepare(["--without-solutions"])  # copies that nobody has saved are made anew
    lab.prepare([])
    for name in ("01_load.ipynb", "extras/better.ipynb", "04_evaluate.ipynb"):
        cells = nbformat.read(tmp_path / name, 4).cells
        assert "Solution" not in "".join(cell.source for cell in cells)
        assert cells[-1].source.startswith(("## Next", "## Where to go next")), "too much is gone"
    assert (tmp_path / "03_train.ipynb").read_bytes() == saved
    fresh = lab.prepare(["--fresh", "03"])
    assert "## Next" in fresh.read_text("utf-8") and "Solution" not in fresh.read_text("utf-8")
