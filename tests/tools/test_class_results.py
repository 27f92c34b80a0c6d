"""What a class hands in: this project's notebooks, answered or not, under any name; and others."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from helpers.files import ROOT
from tools import all_notebooks, class_results
from tools.class_results import main, read

NOTEBOOKS = ROOT / "notebooks"
TEXT = {"output_type": "stream", "name": "stdout"}
RIGHT, NOT_YET = [TEXT | {"text": "Right. Why.\n"}], [TEXT | {"text": "Not yet. Why.\n"}]
UNANSWERED = [TEXT | {"text": "Not answered yet. Why.\n"}]
ERROR = [{"output_type": "error", "ename": "NameError", "evalue": "", "traceback": []}]
SOLVED = [("(5, 20, 20)", RIGHT), ("0", RIGHT), ("0.7252", RIGHT)]
WRONG = [("(5, 21, 21)", NOT_YET), ("1", NOT_YET), ("1 / 0" + " + 1" * 40, ERROR)]
ODD = "=1+1|<b>_x_ *y* [a](b) &amp; $1$ ~~www.a.org~~ `c`"
FOREIGN = {"a.zip": b"PK", "b.ipynb": bytes(1_900_001), "c.ipynb": b'{"cells": []}'}
FOREIGN |= {"d.ipynb": b'{"nbformat": 3, "worksheets": []}', "e.ipynb": b"\xd0\xcf\x11\xe0"}
LINKS = {"f.ipynb": "half/01_load.ipynb", "g.ipynb": "half", "h.ipynb": "."}
PASSED_OVER = "\n\n" + "".join(f"    foreign/{name}\n" for name in (FOREIGN | LINKS))
CLASS = (ROOT / "tests" / "tools" / "class_results.csv").read_text(encoding="utf-8")
SAYS = "\n    3 of 7: (5, 21, 21)\n\nExercise 2, most_ink: 3 right, 1 not yet, 1 not "


def lesson(name, *attempts, keep=""):
    """Return a committed notebook as text, with source and outputs of some of three exercises."""
    notebook = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = [c for c in notebook["cells"] if "exercise" in c["metadata"].get("tags", [])]
    for cell, (answer, outputs) in zip(cells, attempts, strict=False):
        cell.update(source="".join(cell["source"]).replace("...", answer), outputs=outputs)
    kept = [c for c in notebook["cells"] if c not in cells[3:]]  # a fork may have added some
    notebook["cells"] = [c for c in kept if re.search(keep, str(c["source"]))]
    return json.dumps(notebook)


def test_a_class_with_many_kinds_of_hand_ins(tmp_path, capsys, monkeypatch):
    lessons = [NOTEBOOKS / "01_load.ipynb", NOTEBOOKS / "03_train.ipynb"]
    monkeypatch.setattr(class_results, "english_notebooks", lambda: lessons)
    monkeypatch.setattr(class_results, "LARGEST", 1_900_000)
    with pytest.raises(SystemExit, match="holds no notebooks of the lessons, and no quiz"):
        main([str(tmp_path)])
    for name, content in {
        f"{ODD}/p/notebooks/01_load.ipynb": lesson("01_load", *SOLVED),
        "half/01_load.ipynb": lesson("01_load", *SOLVED[:2]),
        "half/03_train.ipynb": lesson("03_train", ("0.69", RIGHT)),
        "half/.ipynb_checkpoints/01_load.ipynb": lesson("01_load", *SOLVED),
        "silent/01_load.ipynb": lesson("01_load", *[(answer, []) for answer, _ in SOLVED]),
        "wrong/01_load.ipynb": lesson("01_load", *WRONG),
        "@1;-2, \u202e数.ipynb.txt": lesson("01_load", *WRONG[:1]),
        "deleted/01_load.ipynb": lesson("01_load", *SOLVED, keep=r"(?s)^(?!.*most_ink\()"),
        "doubled/01_load.ipynb": lesson("01_load", *SOLVED[:1], *WRONG[1:]),
        "doubled/2.ipynb": lesson("01_load", WRONG[0], SOLVED[1], ("1", NOT_YET)),
        **{f"foreign/{name}": content for name, content in FOREIGN.items()},
    }.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, target in LINKS.items():
        (tmp_path / "class" / "foreign" / name).symlink_to(tmp_path / "class" / target)
    sheet, page = tmp_path / "new" / "a.csv", tmp_path / "new" / "a.html"
    main([str(tmp_path / "class"), "--csv", str(page)])  # the page is not to be overwritten
    out, text = capsys.readouterr().out, sheet.read_text(encoding="utf-8")
    last = f"\nTo read in a browser: {page}\nFor a spreadsheet: {sheet}\n"
    assert SAYS in out and "outputs: 1." in out and out.endswith(PASSED_OVER + last)
    html = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    overview = [[cell.text for cell in row("td")] for row in html.table("tr")]
    assert ["half", "2 of 3", "1 of 3"] in overview
    assert not html.select("script, link, [src], td *")
    assert f"1 / 0{' + 1' * 13} +…\n" in html.text
    # Excel needs the mark. In quotes, a name is no formula where semicolons separate either.
    assert text == CLASS


def test_every_lesson_is_known_by_its_exercises_in_each_language(tmp_path):
    main([str(NOTEBOOKS), "--csv", str(tmp_path / "sheet.csv")])
    text = (tmp_path / "sheet.csv").read_text(encoding="utf-8-sig")
    for path in all_notebooks():
        learner = path.stem if path.parent == NOTEBOOKS else path.parent.name
        row = rf'^"{path.stem}","{learner}","0 of \d+"(,"not answered")+(,"(deleted)?")*$'
        assert re.search(row, text, re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "outputs", "attempts"),
    [
        # After what the cell itself prints.
        ("answer = 5\nchecks.a(answer)", RIGHT + NOT_YET, [("a", "not yet", "5")]),
        ("# answer = ...\nchecks.a(5)", UNANSWERED, [("a", "not run", "5")]),
        ("checks.a(5)\nchecks.b()", RIGHT + ERROR, [("a", "right", "5"), ("b", "error", "")]),
        ("answer = (3\n  4\nchecks.a(answer\n#checks.b(1)", ERROR, [("a", "error", "(3 4")]),
        ("answer = '#1'\n\nchecks.a(answer, 3)", RIGHT, [("a", "right", "'#1'")]),
        # Once a regular expression took hours for this.
        ("\n" * 200_000 + "checks.a(1)", RIGHT, [("a", "right", "1")]),
    ],
)
def test_a_result_is_what_the_output_says(tmp_path, source, outputs, attempts):
    cell = {"cell_type": "code", "source": source, "outputs": outputs}
    (tmp_path / "a").write_text(json.dumps({"cells": [cell]}))
    assert [*read(tmp_path / "a")] == attempts


def test_the_commonest_wrong_answer_stands_first():
    learners = {name: [("a", "not yet", answer)] for name, answer in zip("xyz", "199", strict=True)}
    exercises = class_results.summary("01_load", ["a"], learners)["exercises"]
    assert exercises == [("a", {"not yet": 3}, [("9", 2), ("1", 1)])]
