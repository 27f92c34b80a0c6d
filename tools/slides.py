"""Slides for a projector: the questions, the figures and the answers of each lesson.

    python -m tools.slides [zh_CN]

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
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode

from helpers.files import ROOT, write_or_exit
from helpers.guesses import say_no_guess
from helpers.language import _, current_language, translated_languages, use_language
from tools import find_translation, four_notebooks, quiz
from tools.pages import Renderer, picture_html

MAX_WORDS = 75  # of the text on a screen, so that it is read from the last row
# What a projector doesn't show: sentences about running cells, folded notes, and links.
LEFT_OUT = re.compile(r"<!-- notebook -->.*?<!-- /notebook -->|<details>.*?</details>", re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^]]+)\]\([^)]*\)")
ASIDE = re.compile(r"\s?\([^()]*[.?!]\)|（[^（）]*[。？！]）")  # whole sentences in parentheses
SENTENCE_END = re.compile(r"(?<=[^.][.?!])\s+|(?<=[。？！])")
WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[\w'-]+")
QUESTION_MARK = re.compile(r"[?？]")


class Screen(NamedTuple):
    """One screen: `label` says if it asks or answers, `text` is Markdown, `outputs` is HTML."""

    heading: str
    label: str
    text: str
    outputs: str = ""


def lesson_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a lesson: those before the recap, which stands above the exercises."""
    cells = [cell for cell in notebook.cells if "colab" not in cell.metadata.get("tags", [])]
    before = takewhile(lambda cell: "exercise" not in cell.metadata.get("tags", []), cells)
    return list(before)[:-1]


def lesson_screens(notebook: NotebookNode, lesson: str) -> list[Screen]:
    """Return the screens of one of the four notebooks; `lesson` is its name, such as 01_load.

    A cell whose output is folded, or that follows a question, makes two screens: the question, and
    its outputs with the sentences that read them. Any other figure makes one screen.
    """
    questions = {one.name: one for one in quiz.read_questions() if one.form == "A"}
    title, beginning = read_blocks(notebook.cells[0].source)[:2]
    screens = [Screen(title.lstrip("# "), "", beginning)]
    heading = ""
    paragraphs = []  # what has been said since the last screen
    is_read = True  # is there a text that reads the last screen?
    for cell in lesson_cells(notebook)[1:]:
        if cell.id.startswith("quiz-"):
            screens += quiz_screens(questions[f"{lesson} {cell.id.removeprefix('quiz-')}"])
            is_read = True
        elif cell.cell_type == "markdown":
            blocks = read_blocks(cell.source)
            if not is_read and not blocks[0].startswith("#"):
                reading, blocks[0] = split_reading(blocks[0], bool(screens[-1].outputs))
                screens[-1] = screens[-1]._replace(text=reading or screens[-1].text)
            is_read = True
            for block in filter(None, blocks):
                if block.startswith("#"):
                    heading, paragraphs = block.lstrip("# "), []
                else:
                    paragraphs.append(block)
        else:
            outputs = show_outputs(cell)
            is_hidden = "hide-output" in cell.metadata.get("tags", [])
            if paragraphs and (is_hidden or is_question(paragraphs[-1])):
                screens.append(Screen(heading, _("Question"), ending(paragraphs)))
                screens.append(Screen(heading, _("Answer"), "", outputs))
                is_read = False
            elif outputs and not paragraphs and screens[-1].text.endswith((":", "：")):
                *sentences, _lead = split_sentences(screens[-1].text)
                screens[-1] = screens[-1]._replace(text=join_sentences(sentences), outputs=outputs)
            elif outputs and (is_hidden or "<img" in outputs):
                text = ending(paragraphs[-1:])
                screens.append(Screen(heading, _("Answer") if is_hidden else "", text, outputs))
                is_read = False
            paragraphs = []
    return screens


def is_question(paragraph: str) -> bool:
    """Does a paragraph begin or end with a question, in the part that a screen has room for?"""
    first, *_between, last = split_sentences(ending([paragraph])) * 2
    return QUESTION_MARK.search(first + last) is not None


def split_reading(paragraph: str, has_outputs: bool) -> tuple[str, str]:
    """Return the sentences of a paragraph that read a screen, and the sentences after these.

    They leave the next question, with the sentence that leads to it, to the next screen. Where the
    screen has outputs, they also end before a sentence that leads to a cell by a colon. A paragraph
    that a formula continues reads nothing.
    """
    if re.search(r"\w$", paragraph):
        return "", paragraph
    sentences = split_sentences(paragraph)
    ends = QUESTION_MARK.pattern + (r"|[:：]$" if has_outputs else "")
    reading = list(takewhile(lambda sentence: not re.search(ends, sentence), sentences))
    if QUESTION_MARK.search("".join(sentences[len(reading) :])) and len(reading) > 1:
        reading.pop()
    while count_words(" ".join(reading)) > MAX_WORDS * 2 / 3 and len(reading) > 1:
        reading.pop()
    return join_sentences(reading), join_sentences(sentences[len(reading) :])


def read_blocks(source: str) -> list[str]:
    """Return the headings, paragraphs and formulas of a Markdown text, without its links."""
    text = ASIDE.sub("", LINK.sub(r"\1", LEFT_OUT.sub("", source)))
    text = re.sub(r"^(#.*)\n", r"\1\n\n", text, flags=re.MULTILINE)
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def ending(paragraphs: list[str]) -> str:
    """Return the last of some paragraphs, or its last sentences, as a screen has room for them.

    The paragraphs before it join where they fit as a whole.
    """
    sentences = split_sentences(paragraphs[-1]) if paragraphs else []
    while count_words(" ".join(sentences)) > MAX_WORDS and len(sentences) > 1:
        sentences.pop(0)
    text = join_sentences(sentences)
    for paragraph in reversed(paragraphs[:-1]):
        if count_words(longer := f"{paragraph}\n\n{text}") > MAX_WORDS:
            break
        text = longer
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
    """Return the outputs of a cell as HTML; a guess that nobody has made is left out."""
    if any(tag.startswith("live-") for tag in cell.metadata.get("tags", [])):
        return ""  # a part to try, which the projector shows in the notebook
    no_guess = re.compile(re.escape(say_no_guess("NUMBER")).replace("NUMBER", "(.+)"))
    parts, guessed = [], ""
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            parts.append(picture_html(output))
        elif "text/html" not in data:
            text = strip_ansi(output.get("text") or data.get("text/plain", "")).strip()
            guessed = "".join(no_guess.findall(text)) or guessed
            if text := no_guess.sub("", text).strip():
                parts.append(f"<pre>{escape(text)}</pre>")
    return "\n".join(parts) or (guessed and f"<pre>{escape(guessed)}</pre>")


def quiz_screens(question: quiz.Question) -> list[Screen]:
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
    markdown = MarkdownWithMath(Renderer(escape=False, exclude_anchor_links=True))
    style = Path(__file__).with_name("formulas.css").read_text(encoding="utf-8")
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(
        _=_,
        screens=lesson_screens(nbformat.read(path, as_version=4), path.stem),
        render=markdown.render,
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    languages = ["en", *translated_languages()]
    parser.add_argument("language", nargs="?", choices=languages)
    options = parser.parse_args(arguments)
    with use_language(options.language or current_language()):
        write_slides(ROOT / "build" / "slides")


if __name__ == "__main__":
    run_command()
