"""What a class has answered in the quiz: in files that its page saves, and in typed tables."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import ttest_1samp

from tools.quiz import questions


def read(folder: Path) -> dict[tuple[str, str, str], str]:
    """Return letters, or "", by learner, form and question, of sheets with a letter at least.

    Of two sheets of a kind, the file with the shorter name counts: browsers save it first.
    """
    given = {}
    for path in sorted(folder.rglob("*.csv"), key=lambda path: (len(path.name), path)):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 1_000_000:
            continue
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        delimiter = ";" if ";" in "".join(lines[:1]) else ","  # spreadsheets write either
        for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), start=2):
            cells = {column: str(cell or "").strip().lower() for column, cell in row.items()}
            # Letters and digits alone, so that nothing in a name is a sign of Markdown.
            name = " ".join(re.findall(r"[^\W_]+", cells.get("name", "")))
            asked = [one for one in questions() if one.form.lower() == cells.get("form")]
            chosen = {one.name for one in asked if cells.get(one.name) in one.answers}
            sheets = {one.sheet for one in asked if one.name in chosen}
            for one in (one for one in asked if one.sheet in sheets):
                key = name or f"line {number}", one.form, one.name
                given.setdefault(key, cells[one.name] if one.name in chosen else "")
    return given


def report(folder: Path) -> dict:
    """Return what a class gains, and how many have each question right, or which way wrong."""
    given, rows = read(folder), []
    for one in questions():
        letters = Counter(given[key] for key in given if key[1:] == (one.form, one.name))
        wrong = [each for each in letters.most_common() if each[0] not in ("", one.right)][:1]
        row = {"question": one, "right": letters[one.right], "wrong": wrong}
        rows += [row | {"count": letters.total()}] if letters else []
    return {"rows": rows, "gains": [gain(given, "A", "B"), gain(given, "B", "C")]}


def gain(given: dict[tuple[str, str, str], str], first: str, second: str) -> dict:
    """Return each learner's shares right in two forms, the gains, the interval of their mean.

    Of each learner, the questions count that are answered in both forms.
    """
    right, marks = {(one.form, one.name): one.right for one in questions()}, defaultdict(list)
    for learner, form, name in given:
        if form == second and (learner, first, name) in given:
            pair = [given[learner, of, name] == right[of, name] for of in (first, second)]
            marks[learner].append(pair)
    shares = [100 * np.mean(pairs, axis=0) for pairs in marks.values()]
    shares = np.array(shares).reshape(-1, 2)
    gains = shares[:, 1] - shares[:, 0]
    interval = ttest_1samp(gains, 0).confidence_interval() if len(gains) > 2 else None
    alone = {learner for learner, form, _ in given if form in (first, second)} - marks.keys()
    forms = {"first": first, "second": second, "alone": sorted(alone)}
    return forms | {"shares": shares, "gains": gains, "interval": interval}
