"""What the report about a class says: its lessons, wrong answers and guesses, and who is missing.

All texts are in the language in use.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import _
from teach.class_list import ClassList
from teach.hand_in_files import is_table
from teach.hand_ins import HandIn, is_begun, list_unread_files
from teach.lessons import Exercise, GuessQuestion, Lesson
from teach.names import absent_names, sort_names
from teach.quiz_results import QuizReport, build_quiz_report
from teach.wrong_answers import explain_wrong_answer
from tools.answers import NUMBER_WITH_COMMA, UNANSWERED, Attempt

# How far an exercise may be, the best first.
RESULTS = ("right", "not yet", "error", "not answered", "not run", "not in the file")
LessonAttempts = dict[str, dict[str, list[Attempt]]]  # by the lesson's and the learner's name


class ExerciseSummary(NamedTuple):
    """How many learners have each result, and each wrong answer with a text about it."""

    exercise: Exercise
    results: list[tuple[str, int]]
    wrong_answers: list[tuple[str, str, int]]


class GuessSummary(NamedTuple):
    """A question, its guesses with their counts, and how many learners didn't guess."""

    question: GuessQuestion
    guesses: list[tuple[str, int]]
    without_guess: int


class LearnerSummary(NamedTuple):
    """What a learner has done in a lesson: the best result of each exercise, one of RESULTS."""

    name: str
    results: list[str]

    @property
    def right(self) -> str:
        """Return how many exercises are right, as a text."""
        return _("{right} of {all}", right=self.results.count("right"), all=len(self.results))


class LessonSummary(NamedTuple):
    """What a class has done in a lesson; the learners stand in the order of their names."""

    name: str
    learners: list[LearnerSummary]
    exercises: list[ExerciseSummary]
    guesses: list[GuessSummary]

    @property
    def has_guess_with_comma(self) -> bool:
        """Has anybody written a number with a comma, which is several numbers in Python?"""
        guesses = [guess for summary in self.guesses for guess, _count in summary.guesses]
        return any(map(NUMBER_WITH_COMMA.fullmatch, guesses))


@dataclass
class Report:
    """What the report about a class says.

    `learners` are those whose notebooks were read, and `notebooks` is how many these are. `absent`
    are names of the class list, which is empty if the teacher has none, and `not_on_list` are
    learners. `missing` has the names of those who lack a lesson, by its name. `without_outputs` has
    the names of lessons by the learner's name. `not_begun` are lessons without any answer.
    `not_read` has a line for each learner and reason, and `unreadable` those lines that are about
    learners of whom nothing can be read. `files_not_read` is a count.
    """

    quiz: QuizReport
    learners: list[str]
    notebooks: int
    lessons: list[LessonSummary]
    class_list: ClassList
    absent: list[str]
    not_on_list: list[str]
    missing: dict[str, list[str]]
    without_outputs: dict[str, list[str]]
    not_begun: list[str]
    unreadable: list[str]
    not_read: list[str]
    files_not_read: int

    @property
    def is_empty(self) -> bool:
        """Is there neither a notebook nor an answer to the quiz?"""
        return not (self.learners or self.quiz.questions)


def build_report(
    folder: Path, hand_ins: list[HandIn], lessons: dict[str, Lesson], class_list: ClassList
) -> Report:
    """Return what the files say that were handed in.

    `class_list` has no names if the teacher has none.
    """
    tables = [hand_in.path for hand_in in hand_ins if not (hand_in.lesson or hand_in.reason)]
    quiz = build_quiz_report(folder, tables)
    hand_ins = _add_reasons(hand_ins, dict(quiz.reading.files_not_read))
    notebooks = [hand_in for hand_in in hand_ins if hand_in.notebook]
    attempts = collect_attempts(notebooks)
    begun = {hand_in.lesson for hand_in in notebooks if is_begun(hand_in.notebook)}
    attempts_to_show = {name: attempts[name] for name in lessons if name in begun}
    learners = sort_names({hand_in.learner for hand_in in notebooks})
    quiz_learners = [sheet.name for sheet in quiz.reading.sheets]
    present = [*(hand_in.learner for hand_in in hand_ins), *quiz_learners]
    absent = absent_names(class_list.names, present)
    expected = [name for name in class_list.names or learners if name not in absent]
    return Report(
        quiz=quiz,
        learners=learners,
        notebooks=len(notebooks),
        lessons=[
            summarize_lesson(name, lessons[name], learner_attempts, notebooks)
            for name, learner_attempts in attempts_to_show.items()
        ],
        class_list=class_list,
        absent=absent,
        not_on_list=absent_names(learners, class_list.names) if class_list.names else [],
        missing=missing_lessons(attempts_to_show, expected, bool(class_list.names)),
        without_outputs=find_lessons_without_outputs(notebooks),
        not_begun=[name for name in lessons if name in attempts and name not in begun],
        unreadable=list_unread_files(_only_unreadable(hand_ins)),
        not_read=list_unread_files(hand_ins),
        files_not_read=sum(bool(hand_in.reason) for hand_in in hand_ins),
    )


def _add_reasons(hand_ins: list[HandIn], reasons: dict[Path, str]) -> list[HandIn]:
    """Return hand-ins with the reasons why tables of the quiz can't be read, by their paths."""
    return [
        hand_in._replace(reason=hand_in.reason or reasons.get(hand_in.path, ""))
        for hand_in in hand_ins
    ]


def collect_attempts(notebooks: list[HandIn]) -> LessonAttempts:
    """Return the attempts of each learner in each lesson that somebody has handed in."""
    attempts = defaultdict(lambda: defaultdict(list))
    for hand_in in notebooks:
        attempts[hand_in.lesson][hand_in.learner] += hand_in.notebook.attempts
    return attempts


def summarize_lesson(
    name: str, lesson: Lesson, learners: dict[str, list[Attempt]], notebooks: list[HandIn]
) -> LessonSummary:
    """Return what the learners have done in a lesson, by their attempts and their notebooks."""
    learner_summaries = [
        LearnerSummary(learner, best_results(lesson.checks, learners[learner]))
        for learner in sort_names(learners)
    ]
    exercises = []
    for position, exercise in enumerate(lesson.exercises):
        counts = Counter(learner.results[position] for learner in learner_summaries)
        results = [(result_name(result), counts[result]) for result in RESULTS if counts[result]]
        wrong_answers = count_wrong_answers(name, exercise, learners.values())
        exercises.append(ExerciseSummary(exercise, results, wrong_answers))
    guesses = count_guesses(name, lesson.guess_questions, notebooks)
    return LessonSummary(name, learner_summaries, exercises, guesses)


def best_results(checks: list[str], attempts: list[Attempt]) -> list[str]:
    """Return one of RESULTS for each check: the best one of a learner's attempts."""
    results = dict.fromkeys(checks, "not in the file")
    for attempt in attempts:
        if attempt.check in results:  # and not an exercise of another version
            earlier = results[attempt.check]
            results[attempt.check] = min(attempt.result, earlier, key=RESULTS.index)
    return list(results.values())


def result_name(result: str) -> str:
    """Return one of RESULTS in the language in use."""
    return {
        "right": _("right"),
        "not yet": _("not yet"),
        "error": _("error"),
        "not answered": _("not answered"),
        "not run": _("not run"),
        "not in the file": _("not in the file"),
    }[result]


def count_wrong_answers(
    lesson: str, exercise: Exercise, learners: Iterable[list[Attempt]]
) -> list[tuple[str, str, int]]:
    """Return wrong answers, a text about each of them, and how many learners gave it.

    The commonest answer comes first. The second text says what the answer reveals. If nobody knows
    that, it is the message that the learner read, which tells answers of the same text apart.
    """
    counts = Counter()
    for attempts in learners:
        answers = set()
        for attempt in attempts:
            is_wrong = attempt.check == exercise.check and attempt.result in ("not yet", "error")
            if is_wrong and attempt.answer not in ("", UNANSWERED):
                meaning = explain_wrong_answer(lesson, exercise.number, attempt.answer)
                answers.add((attempt.answer, meaning or attempt.message))
        counts.update(sorted(answers))
    return [(answer, meaning, count) for (answer, meaning), count in counts.most_common()]


def count_guesses(
    name: str, questions: list[GuessQuestion], notebooks: list[HandIn]
) -> list[GuessSummary]:
    """Return how each question of a lesson was guessed.

    The commonest guess comes first. If a learner has handed in several files, the last one counts.
    """
    guesses_by_learner = defaultdict(dict)
    for hand_in in notebooks:
        if hand_in.lesson == name:
            guesses_by_learner[hand_in.learner] |= hand_in.notebook.guesses
    counted = []
    for question in questions:
        given = [guesses.get(question.cell, "") for guesses in guesses_by_learner.values()]
        counts = Counter(guess for guess in given if guess)
        counted.append(GuessSummary(question, counts.most_common(), given.count("")))
    return counted


def learner_rows(lesson: LessonSummary) -> list[list[str]]:
    """Return the table of a lesson, with a row for each learner, the headings first.

    A column has its heading in the first row and its cell in the others.
    """
    rows = [[_("learner"), _("right"), *(summary.exercise.heading for summary in lesson.exercises)]]
    for learner in lesson.learners:
        rows.append([learner.name, learner.right, *map(result_name, learner.results)])
    return rows


def overview_rows(learners: list[str], summaries: list[LessonSummary]) -> list[list[str]]:
    """Return a table with a row for each learner: how many exercises of each lesson are right."""
    rows = [[_("learner"), *(summary.name for summary in summaries)]]
    shares = [{one.name: one.right for one in summary.learners} for summary in summaries]
    for learner in learners:
        rows.append([learner, *(share.get(learner, "") for share in shares)])
    return rows


def missing_lessons(
    attempts: LessonAttempts, expected: list[str], has_class_list: bool
) -> dict[str, list[str]]:
    """Return who lacks a lesson that more than half of the expected learners have handed in."""
    missing = {}
    for lesson, handed_in in attempts.items():
        if has_class_list:
            absent = absent_names(expected, handed_in)
        else:  # the names are spelled alike, and may end with a number of Moodle's
            absent = [name for name in expected if name not in handed_in]
        if absent and 2 * len(handed_in) > len(expected):
            missing[lesson] = absent
    return missing


def find_lessons_without_outputs(notebooks: list[HandIn]) -> dict[str, list[str]]:
    """Return, by the learners' names, the lessons that are answered and have no saved output."""
    lessons = defaultdict(list)
    for hand_in in notebooks:
        if not hand_in.notebook.was_run and is_begun(hand_in.notebook):
            lessons[hand_in.learner].append(hand_in.lesson)
    return {name: lessons[name] for name in sort_names(lessons)}


def _only_unreadable(hand_ins: list[HandIn]) -> list[HandIn]:
    """Return the files of learners of whom no file can be read.

    The name of a table in the class's folder itself is no learner's, so such a table isn't one.
    """
    readable_learners = {hand_in.learner for hand_in in hand_ins if not hand_in.reason}
    unreadable = []
    for hand_in in hand_ins:
        is_in_folder_itself = "/" not in hand_in.name and not hand_in.number
        is_table_of_class = is_table(hand_in.path) and is_in_folder_itself
        if hand_in.learner not in readable_learners and not is_table_of_class:
            unreadable.append(hand_in)
    return unreadable


def misconception_rows(misconceptions: dict[str, dict]) -> list[list[str]]:
    """Return a table with a row for each misconception, and a column for each form."""
    forms = sorted({form for by_form in misconceptions.values() for form in by_form})
    names = {"A": _("before (A)"), "B": _("after (B)"), "C": _("weeks later (C)")}
    rows = [[_("misconception"), *(names[form] for form in forms)]]
    for name, by_form in misconceptions.items():
        cells = []
        for form in forms:
            chosen, given = by_form.get(form, (0, 0))
            cells.append(_("{count} of {all}", count=chosen, all=given) if given else "")
        rows.append([name, *cells])
    return rows
