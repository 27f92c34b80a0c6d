"""The slides: what each screen asks and answers, and in a browser that it fits a projector."""

import nbformat
import pytest

from helpers.common.language import translated_languages, use_language
from teach import slides
from tests.browser import axe_violations
from tests.cells import code_cells, has_tag
from tools import NOTEBOOKS, english_notebooks, four_notebooks

EACH_LESSON = pytest.mark.parametrize("path", four_notebooks(), ids=lambda path: path.stem)


def screens(path):
    return slides.lesson_screens(nbformat.read(path, as_version=4), path.stem)


@EACH_LESSON
def test_a_question_comes_first_and_its_answer_on_the_next_screen(path):
    shown = screens(path)
    for screen, following in zip(shown, [*shown[1:], None], strict=True):
        if screen.label == "Question":
            assert screen.outputs == "" and following.label == "Answer", screen
            assert following.outputs or following.text, screen
    for cell in code_cells(path.stem):
        if has_tag(cell, "hide-output"):
            [number] = [
                n for n, one in enumerate(shown) if slides.show_outputs(cell) in one.outputs
            ]
            before = [one.label for one in shown[:number]]
            assert shown[number].label == "Answer" and "Question" in before, cell.id


@EACH_LESSON
def test_each_figure_of_the_lesson_is_on_one_screen(path):
    outputs = [slides.show_outputs(cell) for cell in code_cells(path.stem)]
    figures = "".join(outputs).count("<img")
    assert sum(one.outputs.count("<img") for one in screens(path)) == figures > 5


def test_what_a_notebook_says_of_the_cells_that_were_run_is_on_no_screen():
    notebook = nbformat.read(four_notebooks()[0], as_version=4)
    [first, *_] = [n for n, cell in enumerate(notebook.cells) if has_tag(cell, "exercise")]
    text = nbformat.v4.new_markdown_cell("Which one?")
    output = nbformat.v4.new_output("stream", text="You have made no guess.")
    cell = nbformat.v4.new_code_cell("guesses.look_back()", outputs=[output])
    cell.metadata.tags = ["notebook-only"]
    shown = slides.lesson_screens(notebook, "01_load")
    notebook.cells[first - 1 : first - 1] = [text, cell]
    assert slides.lesson_screens(notebook, "01_load") == shown


def test_the_text_of_a_screen_stops_before_the_next_question():
    paragraph = "It is 7. It fell by half. Now move the 5. What will happen? A hint."
    reading, rest = slides.split_reading(paragraph)
    assert reading == "It is 7. It fell by half."
    assert rest == "Now move the 5. What will happen? A hint."
    reading, _rest = slides.split_reading("It is small. Here is a larger one:")
    assert reading == "It is small."
    reading, _rest = slides.split_reading("这是 7。降了一半。现在移动它。会怎样？")
    assert reading == "这是 7。降了一半。"


new = nbformat.v4


def code(text: str, *tags: str):
    """Return a cell of code that has printed a text."""
    output = new.new_output("stream", text=text)
    return new.new_code_cell("print(text)", outputs=[output], metadata={"tags": [*tags]})


def screens_between(*cells) -> list[slides.Screen]:
    """Return the screens that cells of a lesson make, without that of its title."""
    begin = [new.new_markdown_cell("# Title\n\nIntroduction.")]
    end = [
        new.new_markdown_cell("The recap."),
        new.new_markdown_cell("An exercise.", metadata={"tags": ["exercise"]}),
    ]
    notebook = new.new_notebook(cells=[*begin, *cells, *end])
    return slides.lesson_screens(notebook, "01_load")[1:]


def test_a_note_that_slides_leave_out_does_not_take_the_place_of_the_sentence_that_reads():
    question, answer = screens_between(
        new.new_markdown_cell("How many are there?"),
        code("5", "hide-output"),
        new.new_markdown_cell("<details>A note.</details>"),
        new.new_markdown_cell("There are five."),
    )
    assert question.text == "How many are there?"
    assert answer.text == "There are five." and "5" in answer.outputs


def test_a_tag_says_that_a_cell_answers_a_question_and_a_question_mark_does_not():
    question, answer = screens_between(
        new.new_markdown_cell("Why is that so? Nobody knows."),
        code("4"),
        new.new_markdown_cell("Guess the number."),
        code("5", "slide-question"),
        new.new_markdown_cell("It is five."),
    )
    assert (question.label, question.text) == ("Question", "Guess the number.")
    assert (answer.label, answer.text) == ("Answer", "It is five.") and "5" in answer.outputs


def test_a_tag_puts_the_output_of_a_cell_on_the_screen_before_it():
    _question, answer = screens_between(
        new.new_markdown_cell("What comes back?"),
        code("", "slide-question"),
        new.new_markdown_cell("Numbers. Here are the shapes:"),
        code("(2, 3)", "slide-with-previous"),
    )
    assert answer.text == "Numbers." and "(2, 3)" in answer.outputs


def test_a_tag_says_that_a_text_does_not_read_the_screen_before_it():
    text = "Write $p$ for the probability. Then"
    cell = new.new_markdown_cell(text, metadata={"tags": ["slide-no-reading"]})
    _question, answer = screens_between(
        new.new_markdown_cell("How likely is it?"), code("0.5", "hide-output"), cell
    )
    assert answer.text == "" and "0.5" in answer.outputs


OPTIONAL_LESSONS = [path for path in english_notebooks() if path not in four_notebooks()]


@pytest.mark.parametrize("path", OPTIONAL_LESSONS, ids=lambda path: path.stem)
def test_a_lesson_that_is_none_of_the_four_has_screens_too(path):
    """As where a school teaches an optional lesson, or has written one of its own."""
    shown = screens(path)
    for screen, following in zip(shown, [*shown[1:], None], strict=True):
        if screen.label == "Question":
            assert screen.outputs == "" and following.label == "Answer", screen
    cells = slides.lesson_cells(nbformat.read(path, as_version=4))
    outputs = [slides.show_outputs(cell) for cell in cells if cell.cell_type == "code"]
    figures = "".join(outputs).count("<img")
    assert sum(one.outputs.count("<img") for one in shown) == figures


def test_a_lesson_with_nothing_but_a_title_or_without_exercises_has_screens():
    title = new.new_markdown_cell("# Title")
    [shown] = slides.lesson_screens(new.new_notebook(cells=[title]), "05_own")
    assert (shown.heading, shown.text) == ("Title", "")
    cells = [title, new.new_markdown_cell("Look:"), code("5"), new.new_markdown_cell("The recap.")]
    shown = slides.lesson_screens(new.new_notebook(cells=cells), "05_own")
    assert [one.heading for one in shown] == ["Title"]
    picture = new.new_output("display_data", data={"image/png": "AAAA", "text/plain": "figure"})
    cells[2].outputs = [picture]
    _title, figure = slides.lesson_screens(new.new_notebook(cells=cells), "05_own")
    assert "<img" in figure.outputs


@pytest.mark.parametrize("language", translated_languages())
def test_a_translation_has_the_same_screens(language):
    for path in four_notebooks():
        with use_language(language):
            translated = screens(NOTEBOOKS / language / path.name)
            answer = slides._("Answer")
        assert abs(len(translated) - len(screens(path))) <= 3, path
        assert sum(one.label == answer for one in translated) > 8
        assert translated[1].text != screens(path)[1].text


def test_an_unknown_language_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        slides.run_command(["nowhere"])
    problem = capsys.readouterr().err
    assert "python -m teach.slides: error: " in problem and "(choose from" in problem


@pytest.mark.slow
@EACH_LESSON
def test_each_screen_fits_a_projector(opened, tmp_path, path):
    file = tmp_path / "slides.html"
    file.write_text(slides.slides_page(path), encoding="utf-8")
    page = opened(file, viewport={"width": 1280, "height": 720})
    too_high = """all => all.filter((one) => one.scrollHeight > one.clientHeight + 1)
        .map((one) => one.innerText)"""
    assert page.locator("section").evaluate_all(too_high) == []
    assert axe_violations(page) == []
    for key, shown in ("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1):
        page.keyboard.press(key)
        page.wait_for_function(f"Math.abs(scrollY - {shown} * innerHeight) < 2")
