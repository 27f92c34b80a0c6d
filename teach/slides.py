"""Slides for a projector: the questions, the figures and the answers of each lesson.

    python -m teach.slides [zh_CN]

It makes a page of each of the four notebooks as they are saved, in build/slides/. One screen asks
a question, and the next one answers it. The arrow keys lead from screen to screen. A page is one
file, which loads nothing.
"""

import argparse
import re
from html import escape
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import nbformat
from jinja2 import Template
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from helpers.common.files import ROOT
from helpers.common.language import _, current_language, use_language
from teach.lessons import no_guess_pattern
from teach.quiz_questions import Question, read_questions
from tools import add_language_argument, find_translation, four_notebooks
from tools.commands import start_command, write_or_exit
from tools.pages import is_live, picture_html, render_markdown

MAX_WORDS = 75  # of the text on a screen, so that it is read from the last row
MAX_WORDS_OF_READING = 50  # of a text beside outputs
# What a projector doesn't show: sentences about running cells, folded notes, and links.
LEFT_OUT = re.compile(r"<!-- notebook -->.*?<!-- /notebook -->|<details>.*?</details>", re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^]]+)\]\([^)]*\)")
ASIDE = re.compile(r"\s?\([^()]*[.?!]\)|（[^（）]*[。？！]）")  # whole sentences in parentheses
SENTENCE_END = re.compile(r"(?<=[^.][.?!])\s+|(?<=[。？！])")
WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[\w'-]+")
QUESTION_MARK = re.compile(r"[?？]")
LEADS_ON = re.compile(r"[?？]|[:：]$")  # a sentence that asks, or that leads to a cell


class Screen(NamedTuple):
    """One screen: `label` says if it asks or answers, `text` is Markdown, `outputs` is HTML."""

    heading: str
    label: str
    text: str
    outputs: str = ""


def lesson_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a lesson: those before the recap, which stands above the exercises."""
    left_out = {"colab", "notebook-only"}
    cells = [cell for cell in notebook.cells if left_out.isdisjoint(find_tags(cell))]
    before = takewhile(lambda cell: "exercise" not in find_tags(cell), cells)
    return list(before)[:-1]


def lesson_screens(notebook: NotebookNode, lesson: str) -> list[Screen]:
    """Return the screens of one of the four notebooks; `lesson` is its name, such as 01_load.

    A cell whose output is folded, or that has the tag `slide-question`, makes two screens: the
    question, and its outputs with the sentences that read them. Any other figure makes one screen,
    or stands on the screen before it if its cell has the tag `slide-with-previous`.
    """
    questions = {one.name: one for one in read_questions() if one.form == "A"}
    title, *introduction = read_blocks(notebook.cells[0].source)
    sequence = ScreenSequence(Screen(title.lstrip("# "), "", "".join(introduction[:1])))
    for cell in lesson_cells(notebook)[1:]:
        if cell.id.startswith("quiz-"):
            number = cell.id.removeprefix("quiz-")
            sequence.add_screens(quiz_screens(questions[f"{lesson} {number}"]))
        elif cell.cell_type == "markdown":
            sequence.add_text(cell.source, reads="slide-no-reading" not in find_tags(cell))
        else:
            sequence.add_code_cell(cell)
    return sequence.screens


def find_tags(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return {*cell.metadata.get("tags", [])}


class ScreenSequence:
    """The screens of a lesson so far, and what the next one will need.

    `heading` is the heading of the current section, and `paragraphs` are the texts since the last
    screen. `lacks_reading` says whether the last screen shows outputs that no text reads yet.
    """

    def __init__(self, first_screen: Screen):
        self.screens = [first_screen]
        self.heading = ""
        self.paragraphs = []
        self.lacks_reading = False

    def add_screens(self, screens: list[Screen]) -> None:
        """Add screens that are complete."""
        self.screens += screens
        self.lacks_reading = False

    def add_text(self, source: str, reads: bool = True) -> None:
        """Add a cell of Markdown; if it `reads` the last screen, its first sentences go there."""
        blocks = read_blocks(source)
        if not blocks:  # only what slides leave out
            return
        if reads and self.lacks_reading and not blocks[0].startswith("#"):
            reading, blocks[0] = split_reading(blocks[0])
            if reading:
                self._change_last_screen(text=reading)
        self.lacks_reading = False
        for block in blocks:
            if block.startswith("#"):
                self.heading = block.lstrip("# ")
                self.paragraphs = []
            elif block:
                self.paragraphs.append(block)

    def add_code_cell(self, cell: NotebookNode) -> None:
        """Add the screens of a code cell, if it has any."""
        outputs = show_outputs(cell)
        tags = find_tags(cell)
        is_folded = "hide-output" in tags
        if self.paragraphs and (is_folded or "slide-question" in tags):
            question = Screen(self.heading, _("Question"), fit_on_screen(self.paragraphs))
            answer = Screen(self.heading, _("Answer"), "", outputs)
            self.screens += [question, answer]
            self.lacks_reading = True
        elif "slide-with-previous" in tags:
            self._change_last_screen(outputs=outputs)
        elif outputs and (is_folded or "<img" in outputs):
            label = _("Answer") if is_folded else ""
            text = fit_on_screen(self.paragraphs[-1:])
            self.screens.append(Screen(self.heading, label, text, outputs))
            self.lacks_reading = True
        self.paragraphs = []

    def _change_last_screen(self, **fields: str) -> None:
        self.screens[-1] = self.screens[-1]._replace(**fields)


def split_reading(paragraph: str) -> tuple[str, str]:
    """Return the sentences of a paragraph that read a screen, and the sentences after these.

    They leave the next question, with the sentence that leads to it, to the next screen. They also
    end before a sentence that leads to a cell by a colon.
    """
    sentences = split_sentences(paragraph)
    reading = list(takewhile(lambda sentence: not LEADS_ON.search(sentence), sentences))
    following = sentences[len(reading) :]
    if any(map(QUESTION_MARK.search, following)) and len(reading) > 1:
        reading.pop()
    while count_words(" ".join(reading)) > MAX_WORDS_OF_READING and len(reading) > 1:
        reading.pop()
    return join_sentences(reading), join_sentences(sentences[len(reading) :])


def read_blocks(source: str) -> list[str]:
    """Return the headings, paragraphs and formulas of a Markdown text, without its links."""
    text = ASIDE.sub("", LINK.sub(r"\1", LEFT_OUT.sub("", source)))
    text = re.sub(r"^(#.*)\n", r"\1\n\n", text, flags=re.MULTILINE)
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def fit_on_screen(paragraphs: list[str]) -> str:
    """Return the last of some paragraphs, or its last sentences, as a screen has room for them.

    The paragraphs before it join where they fit as a whole.
    """
    sentences = split_sentences(paragraphs[-1]) if paragraphs else []
    while count_words(" ".join(sentences)) > MAX_WORDS and len(sentences) > 1:
        sentences.pop(0)
    text = join_sentences(sentences)
    for paragraph in reversed(paragraphs[:-1]):
        longer_text = f"{paragraph}\n\n{text}"
        if count_words(longer_text) > MAX_WORDS:
            break
        text = longer_text
    return text


def split_sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph; a formula, a list or a table is one sentence."""
    if paragraph.startswith(("$$", "|", "- ")):
        return [paragraph]
    return [sentence for sentence in SENTENCE_END.split(paragraph) if sentence]


def join_sentences(sentences: list[str]) -> str:
    """Return sentences as a paragraph; Chinese has no blanks between them."""
    return re.sub(r"(?<=[。？！]) ", "", " ".join(sentences))


def count_words(text: str) -> int:
    """Return how many words a text has; two Chinese characters count as one."""
    return len(WORD.findall(text))


def show_outputs(cell: NotebookNode) -> str:
    """Return the outputs of a cell as HTML, or "".

    A message that nobody has guessed is left out. If there is nothing else, the result that the
    message tells is shown.
    """
    if is_live(cell):
        return ""  # a part to try, which the projector shows in the notebook
    no_guess = no_guess_pattern()
    parts = []
    results = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            parts.append(picture_html(output))
        elif "text/html" not in data:
            text = strip_ansi(output.get("text") or data.get("text/plain", ""))
            results += no_guess.findall(text)
            text = no_guess.sub("", text).strip()
            if text:
                parts.append(f"<pre>{escape(text)}</pre>")
    return "\n".join(parts or [f"<pre>{escape(result)}</pre>" for result in results])


def quiz_screens(question: Question) -> list[Screen]:
    """Return a question of the quiz that a notebook asks, and its right answer."""
    answers = "\n".join(f"- ({key}) {answer}" for key, answer in question.answers.items())
    right = f"({question.right}) {question.answers[question.right]}"
    heading = _("Check yourself")
    return [
        Screen(heading, _("Question"), f"{question.text}\n\n{answers}"),
        Screen(heading, _("Answer"), f"**{right}**\n\n{question.shows[question.right]}"),
    ]


def slides_page(path: Path) -> str:
    """Return the page of the notebook at `path`, in the language in use."""
    style = (ROOT / "tools" / "formulas.css").read_text(encoding="utf-8")
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(
        _=_,
        screens=lesson_screens(nbformat.read(path, as_version=4), path.stem),
        render=render_markdown,
        style=style,
        language=current_language().replace("_", "-"),
    )


def write_slides(folder: Path) -> None:
    """Write the slides of the four lessons into `folder`; SystemExit says why one can't be."""
    language = current_language()
    for source in four_notebooks():
        page = slides_page(find_translation(source, language))
        target = folder / f"{source.stem}.html"
        write_or_exit(target, page)
        print(f"{source.stem}: {target.as_uri()}")


def run_command(arguments: list[str] | None = None) -> None:
    """Write the slides into build/; SystemExit if there is no such language."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.slides", description=__doc__.splitlines()[0]
    )
    add_language_argument(parser)
    options = parser.parse_args(arguments)
    with use_language(options.language or current_language()):
        write_slides(ROOT / "build" / "slides")


if __name__ == "__main__":
    start_command(run_command)
