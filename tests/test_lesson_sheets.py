"""A teacher's sheets: each answer is in the notebook, the minutes fit, wrong answers are wrong."""

import ast
import re
from functools import cache
from itertools import pairwise

import pytest

from helpers import checks
from helpers.common.backend import keras
from helpers.common.files import ROOT
from teach.lessons import read_lessons
from teach.wrong_answers import known_answers
from tests.cells import has_tag, read_notebook
from tools import four_notebooks

NOTEBOOKS = {path.stem[:2]: path for path in four_notebooks()}
LESSONS = [ROOT / f"docs/lessons/lesson_{number}.md" for number in range(1, 5)]
HOUR = ROOT / "docs/lessons/one_hour.md"
PLANS = [*LESSONS, HOUR]
EVIDENCE_FILE = "tests/lesson_sheets.txt"
EVIDENCE = (ROOT / EVIDENCE_FILE).read_text(encoding="utf-8")
DOUBLE_LESSON = 90  # minutes
PLANNED = 85  # minutes of a plan, which leaves five for what takes longer
AT_THE_END = 8  # minutes for the exit question, the homework and putting everything away
HOMEWORK = 45  # minutes, at most
PREDICTION = re.compile(r"^(\d)\. ")  # the number of a prediction that is written down
FOR_ONE_READER = 0.6  # of a double lesson, at most: a class also waits, asks and logs in
WORDS_OF_A_CELL = 30  # that somebody reads in the time in which a cell is run and looked at
LAST_SECTIONS = {"In this notebook", "Exercises", "Next", "Solutions"}
NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
SHAPE_QUESTION = (  # which no cell answers
    "An image of shape (24, 24, 1) goes through `Conv2D(filters=8, kernel_size=3)` and a pooling "
    "of 2x2. Which shape comes out?"
)
# The checks of the exercises whose wrong answers the sheets list, by sheet and exercise.
CHECKS = {
    ("lesson_1", 1): checks.middle_of_five,
    ("lesson_1", 2): checks.most_ink,
    ("lesson_1", 3): checks.black_and_white,
    ("lesson_2", 1): checks.shape_of_layers,
    ("lesson_3", 1): checks.loss_of_a_half,
    ("lesson_3", 3): checks.best_learning_rate,
}

each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def notebook_of(lesson):
    """Return the path of the notebook of a lesson's sheet."""
    return NOTEBOOKS[f"0{lesson.stem[-1]}"]


def table_rows(path, last_title):
    """Return the rows, as lists of cells, of the tables whose last column has this title."""
    rows = []
    for table in re.findall(r"(?:^\|.*\n)+", path.read_text(encoding="utf-8"), re.MULTILINE):
        title, _line, *lines = [re.split(r" ?\| ?", line)[1:-1] for line in table.splitlines()]
        rows += lines if title[-1] == last_title else []
    return rows


def answers(path):
    """Return what the class is asked or says, and what answers it, with the exit question."""
    text = path.read_text(encoding="utf-8")
    rows = [(PREDICTION.sub("", row[-2]), row[-1]) for row in table_rows(path, "answer") if row[-1]]
    exit_questions = re.findall(r"^\*\*Exit question\*\*: (.*)\n\n\*\*Answer\*\*: (.*)", text, re.M)
    misconceptions = table_rows(path, "what answers it")
    return [tuple(row) for row in [*rows, *exit_questions, *misconceptions]]


def written_predictions(path):
    """Return the questions of a plan that have a number, each with its answer."""
    rows = table_rows(path, "answer")
    return [(PREDICTION.sub("", row[2]), row[3]) for row in rows if PREDICTION.match(row[2])]


def evidence(name):
    """Return what bears out each answer of a plan: pairs of a place and words that it has."""
    [section] = re.findall(rf"^== {name}\n((?:.+\n)+)", EVIDENCE, re.MULTILINE)
    parts = re.findall(r"^(\S.*)\n((?:  .+\n)+)", section, re.MULTILINE)
    return {
        answer: [line.strip().split(": ", 1) for line in lines.splitlines()]
        for answer, lines in parts
    }


@cache
def words_at(place):
    """Return the source and the outputs of a cell, or a page, with single spaces."""
    number, _sign, name = place.partition("#")
    if not name:
        return " ".join((ROOT / f"docs/{place}.md").read_text(encoding="utf-8").split())
    [cell] = [cell for cell in read_notebook(NOTEBOOKS[number]).cells if cell.id == name]
    texts = [cell.source]
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return " ".join(re.sub(r"\x1b\[[\d;]*m", "", " ".join(texts)).split())


def describe_place(place):
    """Return the name of a cell with its notebook, or of a page, for somebody who looks for it."""
    number, _sign, name = place.partition("#")
    return f"the cell {name} of {NOTEBOOKS[number].name}" if name else f"docs/{place}.md"


def explain_missing_words(plan, answer, place, words):
    return (
        f"docs/lessons/{plan.name} gives the answer {answer!r}. According to {EVIDENCE_FILE}, "
        f"{describe_place(place)} bears it out with the words {words!r}. These words aren't there "
        f"now. If the answer is still true, put the new words into {EVIDENCE_FILE}, below "
        f"'== {plan.stem}' and this answer. Otherwise change the answer in both files."
    )


def digits(text):
    return {number.replace(",", "").lstrip("0.") for number in NUMBER.findall(text)}


@each_plan
def test_the_notebook_bears_out_each_answer_of_a_sheet(plan):
    borne_out = evidence(plan.stem)
    of_the_sheet = {answer for _question, answer in answers(plan)}
    section = f"{EVIDENCE_FILE}, below '== {plan.stem}',"
    new, gone = sorted(of_the_sheet - {*borne_out}), sorted({*borne_out} - of_the_sheet)
    assert not new, f"{section} lacks these answers of docs/lessons/{plan.name}: {new}"
    assert not gone, f"{section} has answers that docs/lessons/{plan.name} lacks: {gone}"
    missing = [
        explain_missing_words(plan, answer, place, words)
        for answer, found in borne_out.items()
        for place, words in found
        if words not in words_at(place)
    ]
    assert not missing, "\n".join(missing)


def test_somebody_who_changes_a_sentence_learns_which_words_to_change_in_which_file(monkeypatch):
    """What the test above says, if a cell has other words than `tests/lesson_sheets.txt` knows."""
    answer, [(place, words), *_others] = next(iter(evidence("lesson_1").items()))
    monkeypatch.setitem(globals(), "words_at", lambda place: "other words")
    with pytest.raises(AssertionError) as failed:
        test_the_notebook_bears_out_each_answer_of_a_sheet(LESSONS[0])
    said = str(failed.value)
    cell = f"the cell {place.partition('#')[2]} of 01_load.ipynb"
    for part in ("docs/lessons/lesson_1.md", answer, cell, words, "put the new words into tests/"):
        assert part in said


@each_plan
def test_each_number_of_an_answer_is_in_what_bears_it_out(plan):
    borne_out = evidence(plan.stem)
    for question, answer in answers(plan):
        found = " ".join(words for _place, words in borne_out[answer])
        known = digits(found)
        known |= {f"{float(share):.1%}".rstrip("%") for share in re.findall(r"\b0\.\d+", found)}
        for number in digits(answer) - digits(question) - {"100", ""}:  # "83 of 100" is a share
            is_known = any(number in text for text in known)
            assert is_known or question == SHAPE_QUESTION, (
                f"docs/lessons/{plan.name} has the number {number} in the answer {answer!r}. The "
                f"words below this answer in {EVIDENCE_FILE} don't have it. Change the number, or "
                "name words of a cell that have it."
            )


@each_lesson
def test_a_misconception_is_answered_by_sections_of_the_notebook(lesson):
    cells = read_notebook(notebook_of(lesson)).cells
    sections = re.findall(r"^## (.+)$", "\n".join(cell.source for cell in cells), re.MULTILINE)
    for said, answer in table_rows(lesson, "what answers it"):
        named = re.findall(r"\*([A-Z][^*]+)\*", answer)
        assert named, f"docs/lessons/{lesson.name} names no section that answers {said!r}."
        gone = sorted({*named} - {*sections})
        assert not gone, f"docs/lessons/{lesson.name}: the notebook has no sections {gone}."


def test_the_shape_in_the_exit_question_of_lesson_2():
    answer = dict(answers(LESSONS[1]))[SHAPE_QUESTION]
    maps = keras.layers.Conv2D(8, 3)(keras.Input((24, 24, 1)))
    assert "{}x{}x{}".format(*maps.shape[1:]) in answer
    assert str(keras.layers.MaxPooling2D(2)(maps).shape[1:]) in answer


@each_lesson
def test_the_exercises_reject_the_wrong_answers_of_a_sheet(lesson, capsys):
    path = notebook_of(lesson)
    rows = table_rows(lesson, "what it reveals")
    assert rows
    for exercise in {int(row[0]) for row in rows}:
        check = CHECKS.get((lesson.stem, exercise))
        for wrong, _reveals in known_answers(path.stem, exercise) if check else []:
            check(ast.literal_eval(wrong))
            said = capsys.readouterr().out
            assert said and not said.startswith("Right"), (exercise, wrong, said)


@each_lesson
def test_each_wrong_answer_of_a_sheet_is_known_to_the_report_or_is_code(lesson):
    path = notebook_of(lesson)
    exercises = [exercise.number for exercise in read_lessons()[path.stem].exercises]
    for exercise, answer, reveals in table_rows(lesson, "what it reveals"):
        assert int(exercise) in exercises
        known = [
            text for text, meaning in known_answers(path.stem, int(exercise)) if meaning == reveals
        ]
        assert known or "`" in answer, answer


@cache
def reader_minutes(number):
    """Return a reader's minutes for each section of a notebook: its share of the stated ones.

    The share counts the words that are not folded, and each code cell as some words more.
    """
    cells = read_notebook(NOTEBOOKS[number]).cells
    [stated] = re.findall(r"Reading and running take about (\d+) minutes", cells[0].source)
    section = ""
    weights = {}
    for cell in cells:
        if cell.cell_type == "markdown":
            unfolded = re.sub("<details>.*?</details>", "", cell.source, flags=re.DOTALL)
            for line in unfolded.splitlines():
                section = line.removeprefix("## ") if line.startswith("## ") else section
                weights[section] = weights.get(section, 0) + len(line.split())
        elif not has_tag(cell, "colab"):
            weights[section] = weights.get(section, 0) + WORDS_OF_A_CELL
    weights = {name: words for name, words in weights.items() if name not in LAST_SECTIONS}
    return {name: int(stated) * words / sum(weights.values()) for name, words in weights.items()}


@each_lesson
def test_a_sheet_leaves_a_class_the_minutes_that_a_reader_alone_does_not_need(lesson):
    done = " ".join(row[1] for row in table_rows(lesson, "answer"))
    minutes = reader_minutes(f"0{lesson.stem[-1]}")
    needed = sum(minutes[name] for name in {*re.findall(r"\*([A-Z][^*]+)\*", done)})
    sheet = f"docs/lessons/{lesson.name}"
    assert needed <= FOR_ONE_READER * DOUBLE_LESSON, (
        f"The sections that {sheet} names take a reader {needed:.0f} minutes, by the words in the "
        "notebook. A class can't do so much in a double lesson. Shorten them, or name fewer."
    )


@pytest.mark.parametrize("plan", [*LESSONS, HOUR], ids=lambda path: path.stem)
def test_the_rows_of_a_plan_follow_each_other_to_its_last_minute(plan):
    found = [re.fullmatch(r"(\d+)\D(\d+)", row[0]) for row in table_rows(plan, "answer")]
    spans = [tuple(map(int, match.groups())) for match in found if match]
    assert spans[0][0] == 0 and spans[-1][1] == (60 if plan == HOUR else PLANNED)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert plan == HOUR or spans[-1][1] - spans[-1][0] == AT_THE_END


@each_lesson
def test_the_minutes_of_the_homework_add_up_and_are_not_too_many(lesson):
    [(stated, tasks)] = re.findall(
        r"^\*\*Homework\*\*, (\d+) minutes: (.*)$", lesson.read_text("utf-8"), re.M
    )
    minutes = [int(number) for number in re.findall(r"\((\d+)(?: minutes)?\)", tasks)]
    assert len(minutes) >= 3 and sum(minutes) == int(stated) <= HOMEWORK


def numbers_to_find(question, answer):
    """Return the numbers of an answer that are no chance, and that its question doesn't have."""
    found = digits(answer) - digits(question) - {"100", "10000"}
    return {number for number in found if len(number) > 1}


@each_lesson
def test_no_answer_stands_in_another_prediction_of_the_sheet(lesson):
    predictions = written_predictions(lesson)
    for question, answer in predictions:
        others = " ".join(other for other, _answer in predictions if other != question)
        given_away = numbers_to_find(question, answer) & digits(others)
        assert not given_away, (question, given_away)


@each_lesson
def test_no_answer_stands_above_the_cell_that_gives_it(lesson):
    """A number of three signs stands nowhere in the notebook, a shorter one not in the section."""
    cells = read_notebook(notebook_of(lesson)).cells
    borne_out = evidence(lesson.stem)
    ids = [cell.id for cell in cells]
    for question, answer in written_predictions(lesson):
        places = [place.partition("#")[2] for place, _words in borne_out[answer]]
        first = min(ids.index(name) for name in places if name)
        texts = [cell.source for cell in cells[:first] if cell.cell_type == "markdown"]
        above = "\n".join(texts)
        section = above.rpartition("\n## ")[2]
        numbers = numbers_to_find(question, answer)
        long = {number for number in numbers if len(number) > 2}
        given_away = (long & digits(above)) | (numbers & digits(section))
        assert not given_away, (question, given_away)


@each_lesson
def test_no_answer_stands_on_a_sheet_that_the_class_has_before(lesson):
    """Lesson 4 hands its worksheet out after the cells whose results are on it, and says so."""
    text = lesson.read_text(encoding="utf-8")
    [prepared] = re.findall(r"^\*\*Prepare and print\*\*: .*", text, re.MULTILINE)
    for name in re.findall(r"\]\(\.\./print/(\w+)\.md\)", prepared):
        page = (ROOT / f"docs/print/{name}.md").read_text(encoding="utf-8")
        sheets = page.rpartition("\n---\n")[0] or page
        for question, answer in written_predictions(lesson):
            numbers = numbers_to_find(question, answer)
            is_chance = len("".join(numbers)) < 3
            if not is_chance and numbers <= digits(sheets):
                assert "hand out the worksheet only then" in text, (name, question)


def test_the_sheet_of_the_hour_asks_the_questions_of_its_plan():
    rows = [row[2] for row in table_rows(HOUR, "answer") if row[2]]
    sheet = [f"{row[0]}. {row[1]}" for row in table_rows(HOUR, "what came out")]
    assert rows == sheet and len(rows) == 6


@each_lesson
def test_the_words_of_a_sheet_are_in_the_glossary(lesson):
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| (.+?) \|", glossary, re.MULTILINE)
    [words] = re.findall(r"^\*\*Words\*\*: (.*)\.$", lesson.read_text("utf-8"), re.MULTILINE)
    assert sorted(set(words.split(", ")) - set(terms)) == []


@each_lesson
def test_the_pupils_sheet_asks_the_five_predictions_of_the_plan_in_their_order(lesson):
    text = (ROOT / f"docs/print/0{lesson.stem[-1]}_predictions.md").read_text(encoding="utf-8")
    asked = re.findall(r"^\| (\d+) \| (.+?) \| \| \|$", text, re.MULTILINE)
    predicted = [question for question, _answer in written_predictions(lesson)]
    assert [question for _number, question in asked] == predicted
    assert [number for number, _question in asked] == [*"12345"]
    numbers = [PREDICTION.match(row[2]) for row in table_rows(lesson, "answer")]
    assert [match[1] for match in numbers if match] == [*"12345"]
    exit_question = re.compile(r"^\*\*Exit question\*\*: .*", re.MULTILINE)
    assert exit_question.findall(text) == exit_question.findall(lesson.read_text("utf-8"))


def test_a_teacher_reads_the_pages_before_lesson_1_in_the_minutes_that_the_readme_says():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (paragraph,) = re.findall(r"^\d\. Read the four plans.*$", text, re.MULTILINE)
    speed, stated = re.search(
        r"At (\d+) words a minute.* in about (\d+) minutes", paragraph
    ).groups()
    linked = re.findall(r"\]\((docs/[\w/]+\.md)\)", paragraph)
    pages = [*LESSONS, *(ROOT / name for name in linked)]
    words = 0
    for page in pages:
        shown = re.sub(r"\]\([^)]*\)", "]", page.read_text(encoding="utf-8"))  # no addresses
        words += len(re.findall(r"\w[\w'.,-]*", shown))
    assert len(pages) == 6 and abs(words / int(speed) - int(stated)) <= 5, words
