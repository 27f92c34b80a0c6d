"""What is printed: the numbers in the keys, links, and how many sheets of paper a page takes."""

import io
import re
from itertools import pairwise

import numpy as np
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from helpers.common.files import ROOT
from helpers.common.language import translated_languages
from teach import handouts, quiz, quiz_questions
from tests.browser import axe_violations, watch_requests
from tools import find_translation

PRINT = ROOT / "docs" / "print"
LESSONS = ROOT / "docs" / "lessons"
ENGLISH = sorted(path.stem for path in PRINT.glob("*.md") if "." not in path.stem)
LANGUAGES = translated_languages()
UPPER_EDGES = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])


def page(name):
    return (PRINT / f"{name}.md").read_text(encoding="utf-8")


def translated_name(name, language):
    """Return the name of a page in a language, or of the English one if there is no translation."""
    folder = PRINT if (PRINT / f"{name}.md").exists() else LESSONS
    return find_translation(folder / f"{name}.md", language).stem


def key(name):
    """Return the key that stands behind a sheet."""
    return page(name).partition("\n## Key\n")[2]


def tables(text):
    """Return the fields of each table in a text, without the row of its heads."""
    found = []
    for block in text.split("\n\n"):
        lines = block.strip().splitlines()
        if len(lines) > 2 and lines[1].startswith("| ---"):
            found.append([[cell.strip() for cell in line[1:-1].split(" |")] for line in lines[2:]])
    return found


def numbers(rows):
    return np.array([[float(cell) for cell in row] for row in rows])


def rows_by_name(name):
    """Return the last fields of each row in the first table of a key, by the row's first field."""
    return {row[0].split(". ")[-1]: row[1:] for row in tables(key(name))[0]}


def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def pool(image):
    rows, columns = (side // 2 for side in image.shape)
    return image.reshape(rows, 2, columns, 2).max(axis=(1, 3))


def test_the_key_of_the_convolution_is_what_numpy_computes():
    image, kernel = (numbers(table) for table in tables(page("convolution"))[:2])
    assert np.array_equal(kernel, UPPER_EDGES)
    answers = key("convolution")
    map_, kept, pooled = (numbers(table) for table in tables(answers)[:3])
    assert np.array_equal(map_, convolve(image, kernel))
    assert np.array_equal(kept, np.maximum(map_, 0))
    assert np.array_equal(pooled, pool(kept))
    assert map_.max() == 3 and map_[0].argmax() in (1, 2)
    moved = convolve(np.roll(image, 1, axis=1), kernel)
    assert f"The first row of the map is {', '.join(f'{n:.0f}' for n in moved[0])}." in answers
    moved_pooled = pool(np.maximum(moved, 0))
    assert np.sum(moved_pooled != pooled) == 1 and "One of the four numbers" in answers
    assert f"They are now {', '.join(f'{n:.0f}' for n in moved_pooled.ravel())}." in answers
    assert f"{28 - 5 + 1}x{28 - 5 + 1}" in answers and f"{(28 - 5 + 1) // 2}x" in answers
    left_edges = UPPER_EDGES.T
    assert "Each row of the kernel is -1, 0, 1." in answers
    ink, upper = np.ones((3, 3)), np.array([[0] * 3, [1] * 3, [1] * 3])
    assert [(left_edges * patch).sum() for patch in (ink, upper, upper.T)] == [0, 0, 3]


def test_the_key_of_the_step_is_what_numpy_computes():
    given, labels = tables(page("one_step"))[:2]
    weights, x = np.array(given[0][1:], float), 0.5
    y = np.array(labels[0][1:], float)
    rows, answers = rows_by_name("one_step"), key("one_step")

    def forward(weights):
        powers = np.exp(weights * x)
        return weights * x, powers, powers / powers.sum()

    logits, powers, p = forward(weights)
    derivatives = x * (p - y)
    stepped = weights - 2 * derivatives
    computed = {"logit": logits, "power": powers, "probability": p, "error": p - y}
    computed |= {"derivative": derivatives, "new weight": stepped}
    new = zip(("new logit", "new power", "new probability"), forward(stepped), strict=True)
    for name, values in [*computed.items(), *new]:
        assert rows[name] == [f"{value:.3f}" for value in values], name
    loss, new_loss = -np.log(p[1]), -np.log(forward(stepped)[2][1])
    assert f"The loss is {loss:.3f}." in answers and f"The new loss is {new_loss:.3f}." in answers
    assert ["1", "4", "7"][p.argmax()] == "7" and forward(stepped)[2].argmax() == 1
    uphill = weights + 2 * derivatives
    assert f"{weights[1] + derivatives[1]:.3f}, or {uphill[1]:.3f}" in answers


def test_the_key_of_the_chain_is_what_numpy_computes():
    x, w1, w2 = (float(n) for n in tables(page("chain"))[0][1] if n)

    def forward(w1, w2):
        hidden = max(w1 * x, 0)
        p = np.exp(w2 * hidden) / (np.exp(w2 * hidden) + 1)
        return hidden, w2 * hidden, p, -np.log(p)

    def backward(w1, w2):
        hidden, _logit, p, _loss = forward(w1, w2)
        return p - 1, (p - 1) * hidden, (p - 1) * w2, (p - 1) * w2 * x * (hidden > 0)

    answers = key("chain")
    d_logit, d_w2, d_hidden, d_w1 = backward(w1, w2)
    new_w1, new_w2 = w1 - 0.5 * d_w1, w2 - 0.5 * d_w2
    after = forward(new_w1, new_w2)
    values = [*forward(w1, w2), d_logit, d_w2, d_hidden, d_w1, new_w1, new_w2, *after]
    assert [row[1] for row in tables(answers)[0]] == [f"{value:.3f}" for value in values]
    loss, nudged = forward(w1, w2)[3], forward(0.81, w2)[3]
    assert f"fallen by {loss - after[3]:.3f}." in answers
    assert f"The loss is {nudged:.5f} in place of {loss:.5f}." in answers
    assert f"divided by 0.01 is {(round(nudged, 5) - round(loss, 5)) / 0.01:.3f}" in answers
    hidden, logit, p, _loss = forward(-0.8, w2)
    _d_logit, d_w2, _d_hidden, d_w1 = backward(-0.8, w2)
    assert (hidden, logit, d_w2, d_w1) == (0, 0, 0, 0) and f"*p* is {p:.3f}." in answers


def test_the_key_of_who_pays_is_what_numpy_computes():
    rows = tables(page("who_pays"))[0]
    counts = {name: [int(n.replace(",", "")) for n in cells[:2]] for name, *cells in rows}
    assert [*np.add(counts["students"], counts["employees"])] == counts["all"]
    shares = {name: 1 - wrong / images for name, (images, wrong) in counts.items()}
    answers = key("who_pays")
    for name, share in shares.items():
        assert rows_by_name("who_pays")[name] == [f"{share:.4f}"]
    ratio = (1 - shares["students"]) / (1 - shares["employees"])
    assert f"{ratio:.1f} times as often" in answers and f"{ratio:.1f} times" in page("marks")
    amounts = [shares[name] ** 4 for name in ("students", "employees")]
    assert f"{amounts[0]:.3f} of the amounts by students" in answers
    assert f"{amounts[1]:.3f} of the amounts by employees" in answers
    wrong = [round(1000 * (1 - share)) for share in amounts]
    assert f"Of 1,000 amounts, {wrong[0]} and {wrong[1]} are wrong." in answers
    assert f"The person gets to see {86 - 40} of the 86 mistakes. The other 40 stay" in answers


@pytest.mark.parametrize("form", [0, 1])
def test_the_key_of_the_test_is_what_numpy_computes(form):
    text = page("test").partition("\n## Key\n")[0].split("\n# Written test")[form]
    answers = {}
    points = 0
    for question, given, *of_forms in tables(key("test"))[0]:
        answers[question] = answers.get(question, "") + of_forms[form]
        points += int(given)
    asked = [int(n) for n in re.findall(r"(\d+) points?(?= for|\))", text)]
    assert points == sum(asked) == 30

    def find(pattern):
        return [float(number.replace(",", "")) for number in re.search(pattern, text).groups()]

    shape = tuple(map(int, find(r"shape \((\d+), (\d+), (\d+)\)")))
    images = np.zeros(shape)
    first, last, left, right = map(int, find(r"\[:, (\d+):(\d+), (\d+):(\d+)\]"))
    for part in (images[0], images[:, first:last, left:right], images[:, 0, 0]):
        assert str(part.shape) in answers["1"]
    count, usual, right = find(r"Of ([\d,]+) .*?, (\d+) are .*? sorts (\d+) of")
    assert answers["2 a"] == f"{usual / count:.3f}" and f"accuracy of {right / count:.1%}" in text
    patch, kernel = (numbers(table) for table in tables(text)[:2])
    assert answers["3 a"] == f"{(patch * kernel).sum():g}" and kernel.sum() == 0
    ink_is_left = patch[:, 0].sum() > patch[:, 2].sum()
    assert ("right edges, with ink on the left" in answers["3 b"]) == ink_is_left
    sums = find(r"sums is (-?\d), (-?\d), (-?\d) and (-?\d)\.")
    assert answers["3 c"] == f"{max(*sums, 0):.0f}"
    [side] = map(int, find(r"grey image of shape \((\d+),"))
    filters, more = map(int, re.findall(r"filters=(\d+)", text))
    sides = [side - 2, (side - 2) // 2, (side - 2) // 2 - 2]
    for side, channels in zip(sides, (filters, filters, more), strict=True):
        assert f"({side}, {side}, {channels})" in answers["4"]
    flat = sides[2] ** 2 * more
    counts = (9 + 1) * filters, (9 * filters + 1) * more, (flat + 1) * 10
    assert f"({flat},)" in answers["4"]
    assert "{:,}, {:,} and {:,}".format(*counts) in answers["4"]
    [p] = find(r"right digit the probability ([\d.]+)\.\n")
    [loss] = find(r"the loss (\d)\.")
    assert answers["5 a"] == f"{-np.log(p):.3f}" and f"is {np.exp(-loss):.3f} " in answers["5 b"]
    assert ("worse" in answers["5 b"]) == (loss > -np.log(p))
    weight, pixel, p = find(r"weight is (-?[\d.]+)\. .*value ([\d.]+) .*probability ([\d.]+)\.")
    [rate] = find(r"learning rate ([\d.]+)\.")
    error = p - ("logit of the right digit" in text)
    assert f"error is {error:.1f}, and the derivative is {pixel * error:.3g}." in answers["6 a"]
    assert answers["6 b"] == f"{weight - rate * pixel * error:.2f}"
    [digit] = find(r"precision of the (\d)")
    [matrix] = [table for table in tables(text) if table[0][0] == "" and "*" in table[0][1]]
    place = matrix[0][1:].index(f"**{digit:.0f}**")
    counts = numbers([row[1:] for row in matrix[1:]])
    recall, precision = (counts[place, place] / counts.sum(axis=axis)[place] for axis in (1, 0))
    assert f"recall is {recall:.2f}, and the precision is {precision:.2f}." in answers["8"]
    scale = [tuple(map(int, row[0].split(" to "))) for row in tables(key("test"))[1]]
    assert scale[0][1] == 30 and scale[-1][0] == 0
    assert all(above[0] == below[1] + 1 for above, below in pairwise(scale))


def help_of(name):
    """Return the second sheet of a page, which helps."""
    return page(name).split("\n---\n")[1]


def test_what_the_helped_sheets_give_is_what_the_keys_have():
    text = help_of("convolution") + help_of("one_step")
    computed = re.findall(r"(?<=\| )([-\d.+ ·/]+) = (-?\d[\d.]*)(?= \|)", text)
    assert len(computed) >= 5
    for sum_, result in computed:
        assert eval(sum_.replace("·", "*")) == float(result), sum_
    given, answers = tables(help_of("convolution"))[-3:], tables(key("convolution"))[:3]
    for sheet, full in zip(given, answers, strict=True):
        for row, full_row in zip(sheet, full, strict=True):
            assert all(field in ("", answer) for field, answer in zip(row, full_row, strict=True))
    rows = rows_by_name("one_step")
    forward, back = tables(help_of("one_step"))
    assert forward[2][1:3] == rows["power"][:2]
    total = sum(np.exp([0.1, -0.2, 0.3]))
    assert (
        f"{rows['power'][0]} / {total:.3f} = ." in forward[3][1] and f"{total:.3f}" in forward[3][0]
    )
    assert f"{rows['probability'][0]} - 0 = ." in back[1][1]
    assert f"0.5 · {rows['error'][0]} = ." in back[2][1]
    assert f"0.2 - 2 · {rows['derivative'][0]} = ." in back[3][1]


def test_the_key_of_the_hour_is_what_numpy_computes():
    text = (LESSONS / "one_hour.md").read_text(encoding="utf-8")
    sheet, answers = text.split("\n---\n")[2:]
    image, weights = (numbers(table) for table in tables(sheet)[:2])
    assert np.array_equal(numbers(tables(answers)[0]), convolve(image, weights))
    products = re.search(r"for this corner: (.*) = \.", sheet)[1]
    assert eval(products.replace("·", "*")) == convolve(image, weights)[0, 0]
    assert weights.sum() == 0 and "Both sums are 0." in answers
    lower = np.array(
        [[float(n) for n in row.split(", ")] for row in ("1, 1, 1", "0, 0, 0", "-1, -1, -1")]
    )
    assert np.array_equal(lower, -weights) and "1, 1, 1 and 0, 0, 0 and -1, -1, -1" in answers


def test_the_game_ends_with_the_weights_that_it_says():
    text = page("game")
    paper, ink = np.zeros((3, 3)), np.ones((3, 3))
    upper, lower, left, right = (ink.copy() for _ in range(4))
    upper[0], lower[2], left[:, 0], right[:, 2] = 0, 0, 0, 0
    sums = [(UPPER_EDGES * patch).sum() for patch in (paper, ink, upper, lower, left)]
    assert f"sum on the board: {', '.join(f'{n:.0f}' for n in sums)}." in text
    tall = np.array([[0] * 3, [1] * 3, [1] * 3, [1] * 3, [0] * 3])
    sums = convolve(tall, UPPER_EDGES)[:, 0]
    assert f"The sums are {', '.join(f'{n:.0f}' for n in sums)}." in text
    assert f"negative sum: {', '.join(f'{max(n, 0):.0f}' for n in sums)}." in text
    weights = np.zeros((3, 3))
    history = []
    for _ in range(3):
        for patch, should_be_above in ((left, True), (right, False)):
            total = (weights * patch).sum()
            history.append(total)
            if (total > 0) != should_be_above:
                weights += patch if should_be_above else -patch
    assert history == [0, 3, 3, -3, 3, -3] and np.abs(weights).max() <= 1
    assert np.array_equal(weights, UPPER_EDGES.T) and "are now -1, 0 and 1" in text
    dot = np.pad([[1]], 1)
    finder = np.array([[0, 0, 0], [-1, 1, 0], [0, 0, 0]])
    assert (finder * dot).sum() > 0 and (finder * ink).sum() == 0
    cards = text.partition("## Pixel cards")[2]
    assert [cards.count(card) for card in ("| 0 ", "| 1 ", "| -1 ", "| ±0 ", "| +1 ")] == [9] * 5


def test_a_link_on_a_printed_page_leads_to_a_page_or_into_the_project(tmp_path):
    folder = ROOT / "build" / "handouts"
    written = {handouts.target_path(source, folder) for source in handouts.handout_sources()}
    for source in handouts.handout_sources():
        target = handouts.target_path(source, folder)
        soup = BeautifulSoup(handouts.handout_page(source, target), "html.parser")
        for link in soup.select("[href], [src]"):
            address, _hash, _anchor = (link.get("href") or link["src"]).partition("#")
            if address.startswith("http") or not address:
                continue
            path = (target.parent / address).resolve()
            assert path in written or path.is_file(), (source, address)


@pytest.mark.parametrize("argument", ["--help", "zh_CN"])
def test_a_command_line_with_an_argument_writes_no_page(monkeypatch, tmp_path, capsys, argument):
    monkeypatch.setattr(handouts, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        handouts.run_command([argument])
    assert "usage: python -m teach.handouts" in "".join(capsys.readouterr())
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_translation_says_its_language_to_a_screen_reader(language):
    source = PRINT / f"{translated_name('test', language)}.md"
    target = handouts.target_path(source, ROOT / "build" / "handouts")
    assert f'<html lang="{language.replace("_", "-")}">' in handouts.handout_page(source, target)


def stated_sheets(language):
    """Return how many sheets of paper the table says that a page takes, by its path in docs/."""
    text = find_translation(ROOT / "docs" / "teaching.md", language).read_text(encoding="utf-8")
    stated = {}
    for names, count in re.findall(
        r"^\| (\[.*?) \| .+? \| (\d+)\b[^|]* \| [^|]+ \|$", text, re.MULTILINE
    ):
        stated |= {name: int(count) for name in re.findall(r"\]\(([\w./-]+\.md)\)", names)}
    return stated


def printed_pages(chromium, path):
    """Return the sheets of paper that a page takes; it loads nothing, and axe finds no fault."""
    sheet = chromium.new_page()
    wrong = watch_requests(sheet, path.as_uri())
    sheet.goto(path.as_uri())
    assert wrong == [] and axe_violations(sheet) == [], path.name
    pdf = PdfReader(io.BytesIO(sheet.pdf(prefer_css_page_size=True)))
    sheet.close()
    return pdf.pages


def test_the_table_lists_each_page_that_is_printed_for_pupils():
    listed = {name.rpartition("/")[2].removesuffix(".md") for name in stated_sheets("en")}
    assert listed == {*ENGLISH, "one_hour"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_printed_page_takes_as_many_sheets_as_the_table_says(
    chromium, tmp_path, capsys, language
):
    handouts.write_handouts(tmp_path)
    assert "teaching.html" in capsys.readouterr().out
    for name, count in stated_sheets(language).items():
        pages = printed_pages(chromium, tmp_path / name.replace(".md", ".html"))
        # Chinese needs less room, and its table says how many sheets a page takes at most.
        assert len(pages) == count or (language != "en" and len(pages) < count), name
        assert all(round(float(one.mediabox.height)) == 842 for one in pages)  # A4
        assert all(len(one.extract_text().split()) > 5 for one in pages), f"{name}: an empty sheet"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("number", range(1, 5))
def test_the_plan_of_a_lesson_takes_three_printed_pages_at_most(
    chromium, tmp_path, number, language
):
    source = ROOT / "docs" / "lessons" / f"{translated_name(f'lesson_{number}', language)}.md"
    path = tmp_path / "plan.html"
    path.write_text(handouts.handout_page(source, path), encoding="utf-8")
    assert len(printed_pages(chromium, path)) <= 3


@pytest.mark.slow
def test_the_quiz_on_paper_takes_as_many_pages_as_the_guide_says(chromium, tmp_path):
    quiz.write_quiz(tmp_path)
    count = 0
    for name in {quiz_questions.sheet_address(one) for one in quiz_questions.read_questions()}:
        if name != "quiz-C":
            sheet = chromium.new_page()
            sheet.goto(f"{(tmp_path / 'quiz.html').as_uri()}#{name}")
            count += len(PdfReader(io.BytesIO(sheet.pdf(format="A4"))).pages)
            sheet.close()
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    assert f"forms A and B of the quiz make 24 · {count} = {24 * count} pages" in text


def test_the_solutions_of_the_hour_of_numpy_are_what_numpy_gives():
    names = {}
    asked = page("numpy")
    exec(re.search(r"```python\n(.*?)```", asked, re.DOTALL)[1], names)
    pattern = r"\*\*(\w[\w ]*?)\.\*\*[^`]*?```python\n(.*?)\n```\n\n```text\n(.*?)\n```"
    solutions = re.findall(pattern, page("numpy").partition("\n## Solutions\n")[2], re.DOTALL)
    assert [name for name, _code, _text in solutions if name.isdigit()] == [*map(str, range(1, 24))]
    for name, code, text in solutions:
        *lines, last = code.splitlines()
        exec("\n".join(lines), names)
        assert str(eval(last, names)).replace("np.int64(1)", "1") == text, name
    predicted = re.findall(r"^\| (\d+) \| `(.+?)` \|", asked, re.MULTILINE)
    assert predicted == [(name, code) for name, code, _text in solutions[:16]]
