"""Which notebook a learner works in; tests/web opens JupyterLab and stops it."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.files import ROOT
from tools import execute, lab


def write(path, title, **answers):
    cells = [new_markdown_cell(title, id="title")]
    for number, (check, answer) in enumerate(answers.items()):
        source = f"answer = {answer}\n\nchecks.{check}(answer)"
        hint = [new_output("stream", text=f"hint of {answer}")]
        cells.append(new_code_cell(source, id=f"{number}", outputs=hint))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_yours_is_left_alone_and_a_fresh_one_has_your_answers(tmp_path, monkeypatch, capsys):
    assert f"\n{lab.MINE.name}/\n" in (ROOT / ".gitignore").read_text()
    lessons, mine = tmp_path / "notebooks", tmp_path / "mine"
    monkeypatch.setattr(execute, "NOTEBOOKS", lessons)
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
    assert "hint of 5" in text and "hint of ..." not in text  # only yours come with outputs
    assert "checks.another" in text and "answer = 7" not in text  # which was to another question
    lab.prepare([])
    assert fresh.read_text() == text and capsys.readouterr().out == ""

    fresh.write_text("damaged")
    lab.prepare(["--fresh", "02"])
    assert (mine / "02_b (2).ipynb").read_text() == "damaged" and "# New" in fresh.read_text()
    monkeypatch.setattr(lab, "MINE", fresh / "can't be made")
    assert lab.prepare([]) == lessons / "01_load.ipynb"
