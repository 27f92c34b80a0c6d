"""Multiple-choice questions in GIFT, the text format that Moodle's question bank imports.

The reference is Moodle's page "GIFT format" (docs.moodle.org), and the importer itself
(question/format/gift/format.php in Moodle's sources).
"""

import re

# The signs that mean something in GIFT. A backslash in front makes them part of a text.
SIGNS = re.compile(r"[\\~=#{}:]")


def escape(text: str) -> str:
    """Return a text in which no sign means anything to GIFT; line ends become blanks."""
    return SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def category(path: str) -> str:
    """Return the line that puts the questions below it into a category, such as "quiz/form A"."""
    return f"$CATEGORY: {' '.join(path.split())}"


def multiple_choice(name: str, question: str, answers: list[tuple[str, bool, str]]) -> str:
    """Return a question with one right answer; all texts are HTML.

    Each of the answers is its text, whether it is right, and what Moodle says to those who choose
    it, or "". ValueError is raised unless exactly one answer is right.
    """
    if sum(is_right for _text, is_right, _feedback in answers) != 1:
        raise ValueError(f"{name}: exactly one answer has to be right")
    lines = [f"::{escape(name)}::[html]{escape(question)} {{"]
    for text, is_right, feedback in answers:
        line = f"\t{'=' if is_right else '~'}{_escape_beginning(text)}"
        lines.append(f"{line}#{_escape_beginning(feedback)}" if feedback else line)
    return "\n".join([*lines, "}"])


def _escape_beginning(text: str) -> str:
    """Return an escaped text that has the format of its question.

    At the beginning of a text, Moodle reads a word in brackets as the name of a format, and a
    number of percent as the weight of an answer.
    """
    return f"[html]{escape(text)}" if text.lstrip().startswith(("[", "%")) else escape(text)
