"""Single-choice questions as Chaoxing's platform 学习通 (Xuexitong) imports them: text in lines.

The format is that of the platform's import of questions. Two sources state it: the platform's own
template quickImportQuestionTemplate.doc (in ZhenwenHe/examinater on GitHub, of May 2020), and a
copy of its rules for the import (chaoxing_format_spec.md in carllx/courseware-agent, of 2026). The
file follows the rules that both have. The kind of question is marked as the newer rules say.
"""

import re

LANGUAGE = "zh_CN"  # the importer looks for the Chinese words
# Signs of Markdown around code and around letters in italics: the platform shows text as it is.
MARKS = re.compile(r"`([^`]+)`|\*([^*]+)\*")


def plain_text(markdown: str) -> str:
    """Return a text in one line and without the marks of Markdown for code and italics."""
    return " ".join(MARKS.sub(lambda mark: mark[1] or mark[2], markdown).split())


def single_choice(
    number: int, question: str, answers: dict[str, str], right: str, explanation: str = ""
) -> str:
    """Return a question with its number on the sheet; all texts are Markdown.

    `answers` has a text for each letter, and `right` is the letter of the right one. ValueError is
    raised if `right` is none of the letters, or if two answers are the same.
    """
    texts = {letter.upper(): plain_text(text) for letter, text in answers.items()}
    if right.upper() not in texts:
        raise ValueError(f"question {number} has no answer {right!r}")
    if len({*texts.values()}) < len(texts):
        raise ValueError(f"question {number} has two answers that are the same")
    lines = [f"{number}.【单选题】{plain_text(question)}"]
    lines += [f"{letter}.{text}" for letter, text in texts.items()]
    lines.append(f"答案：{right.upper()}")
    if explanation:
        lines.append(f"答案解析：{plain_text(explanation)}")
    return "\n".join(lines)
