"""The quiz as text files that platforms import: Moodle's question bank, and 学习通 of Chaoxing.

Forms B and C explain the answers, and form A explains none, because learners meet the same question
again in form B.

Moodle's format is GIFT. The reference is Moodle's page "GIFT format" (docs.moodle.org), and the
importer itself (question/format/gift/format.php in Moodle's sources).

The format of 学习通 (Xuexitong) is that of the platform's import of questions. Two sources state
it: the platform's own template quickImportQuestionTemplate.doc (in ZhenwenHe/examinater on GitHub,
of May 2020), and a copy of its rules for the import (chaoxing_format_spec.md in
carllx/courseware-agent, of 2026). The files follow the rules that both have. The kind of question
is marked as the newer rules say.
"""

import re
from collections import defaultdict

from helpers.common.language import _
from teach.quiz_questions import DONT_KNOW, Question, inline_html, sheet_address

CHAOXING_LANGUAGE = "zh_CN"  # the importer of 学习通 looks for the Chinese words
# The signs that mean something in GIFT. A backslash in front makes them part of a text.
GIFT_SIGNS = re.compile(r"[\\~=#{}:]")
# Signs of Markdown around code and around letters in italics: 学习通 shows text as it is.
MARKS = re.compile(r"`([^`]+)`|\*([^*]+)\*")


def moodle_file(questions: list[Question]) -> str:
    """Return questions for Moodle's question bank, with a category for each sheet."""
    blocks = []
    for sheet in sorted({question.sheet for question in questions}):
        blocks.append(f"$CATEGORY: hello-mnist/{sheet}")
        blocks += [moodle_question(question) for question in questions if question.sheet == sheet]
    return "\n\n".join(blocks) + "\n"


def moodle_question(question: Question) -> str:
    """Return a question in GIFT; its texts are HTML."""
    name = _escape(f"{question.form} {question.name}")
    lines = [f"::{name}::[html]{_escape(inline_html(question.text))} {{"]
    for letter, text in question.answers.items():
        line = f"\t{'=' if letter == question.right else '~'}{_escape_beginning(text)}"
        if question.form != "A":
            line += f"#{_escape_beginning(question.shows[letter])}"
        lines.append(line)
    dont_know = _escape_beginning(_("I don't know."))
    return "\n".join([*lines, f"\t~{dont_know}", "}"])


def _escape(text: str) -> str:
    """Return a text in which no sign means anything to GIFT; line ends become blanks."""
    return GIFT_SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def _escape_beginning(markdown: str) -> str:
    """Return a text in GIFT and HTML that has the format of its question.

    At the beginning of a text, Moodle reads a word in brackets as the name of a format, and a
    number of percent as the weight of an answer.
    """
    text = inline_html(markdown)
    return f"[html]{_escape(text)}" if text.startswith(("[", "%")) else _escape(text)


def chaoxing_files(questions: list[Question]) -> dict[str, str]:
    """Return questions for the platform 学习通, by the name of each sheet in an address."""
    sheets = defaultdict(list)
    for question in questions:
        sheet = sheets[sheet_address(question)]
        sheet.append(_chaoxing_question(question, len(sheet) + 1))
    return {name: "\n\n".join(texts) + "\n" for name, texts in sheets.items()}


def _chaoxing_question(question: Question, number: int) -> str:
    """Return a question with its number on the sheet."""
    answers = question.answers | {DONT_KNOW: _("I don't know.")}
    lines = [f"{number}.【单选题】{_plain_text(question.text)}"]
    lines += [f"{letter.upper()}.{_plain_text(text)}" for letter, text in answers.items()]
    lines.append(f"答案：{question.right.upper()}")
    if question.form != "A":
        # The right answer is explained first.
        letters = sorted(question.shows, key=lambda letter: (letter != question.right, letter))
        shown = [f"{letter.upper()}：{question.shows[letter]}" for letter in letters]
        lines.append(f"答案解析：{_plain_text(' '.join(shown))}")
    return "\n".join(lines)


def _plain_text(markdown: str) -> str:
    """Return a text in one line and without the marks of Markdown for code and italics."""
    return " ".join(MARKS.sub(lambda mark: mark[1] or mark[2], markdown).split())
