"""The Chinese exercises for a final: numbers are computed anew, and programs run when filled in."""

import re

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras
from helpers.model import build_model
from tests.zh_CN.pages import correlate, matrix, read_page, softmax

BLANKS = "①②③④⑤⑥⑦⑧"
LINE = "\uff3f"  # on which an answer is written


def halves(name: str) -> tuple[str, str]:
    """Return a page's questions to practise, and its mock exam, with the minus signs of code."""
    text = read_page(name).replace("\u2212", "-")
    practice, heading, mock_exam = text.partition("\n## 模拟卷")
    assert heading
    return practice, mock_exam


def answers(text: str) -> dict[int, str]:
    """Return the text of each answer by the number of its question."""
    _title, *parts = re.split(r"\*\*(\d+)\.\*\*", text)
    return dict(zip(map(int, parts[::2]), parts[1::2], strict=True))


def questions(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]


def filled_program(part: int, number: int) -> str:
    """Return the program of a question, with the answers in place of its blanks."""
    question = halves("exam")[part].split(f"\n{number}. ")[1]
    program = re.search(r"```text\n(.*?)```", question, re.DOTALL).group(1)
    solution = answers(halves("exam_solutions")[part])[number]
    given = dict(re.findall(rf"([{BLANKS}]) `([^`]+)`", solution))
    assert "".join(given) == BLANKS[: len(given)]
    for blank, code in given.items():
        assert program.count(f"{LINE}{blank}{LINE}") == 1
        program = program.replace(f"{LINE}{blank}{LINE}", code)
    assert LINE not in program
    return program


@pytest.mark.parametrize(("part", "count"), [(0, 25), (1, 17)])
def test_each_question_has_its_answer(part, count):
    expected = list(range(1, count + 1))
    assert questions(halves("exam")[part]) == expected
    assert list(answers(halves("exam_solutions")[part])) == expected


def test_the_points_add_up_to_100_in_each_part_and_each_answer():
    for name in ("exam", "exam_solutions"):
        mock_exam = halves(name)[1]
        parts = re.split(r"^### .*?共 (\d+) 分）$", mock_exam, flags=re.MULTILINE)[1:]
        points = [int(number) for number in parts[::2]]
        assert sum(points) == 100
        each = re.findall(r"（每[^，]*?(\d+) 分，共 (\d+) 分）", mock_exam)
        numbers = [10 // 2, 20 // 2, 3, 3, 8]  # questions or blanks of each part
        assert [
            int(one) * count for (one, _all), count in zip(each, numbers, strict=True)
        ] == points
    solutions = answers(halves("exam_solutions")[1])
    for number, points in {11: 8, 12: 8, 13: 8, 14: 10, 15: 10, 16: 10}.items():
        given = re.findall(r"(\d+) 分）", solutions[number].partition("###")[0])
        assert sum(map(int, given)) == points
    mock_exam = halves("exam")[1]
    blanks = mock_exam.partition("### 二")[2].partition("### 三")[0].count(2 * LINE)
    assert blanks == 10 and sum(mock_exam.count(f"{LINE}{blank}{LINE}") for blank in BLANKS) == 8


def test_the_network_is_that_of_the_lesson():
    names = {"keras": keras, "layers": keras.layers}
    exec(filled_program(0, 23), names)
    ours = build_model()
    assert names["model"].count_params() == ours.count_params() == 104_202
    assert [(type(layer), layer.output.shape) for layer in names["model"].layers] == [
        (type(layer), layer.output.shape) for layer in ours.layers
    ]


def test_the_convolution_is_that_of_numpy():
    names = {"np": np}
    exec(filled_program(0, 24), names)
    (images, _labels), _test = mnist.load_data()
    image, kernel = images[0, :, 2:] / 255, np.arange(9).reshape(3, 3) - 4
    np.testing.assert_allclose(names["convolve"](image, kernel), correlate(image, kernel))


def test_the_step_lowers_the_loss_along_its_gradient():
    names = {"np": np}
    exec(filled_program(0, 25), names)
    (images, labels), _test = mnist.load_data()
    x, labels = images[:64].reshape(64, 784) / 255, labels[:64]
    weights = np.random.default_rng(0).normal(0, 0.01, (784, 10))
    bias = np.zeros(10)

    def loss(weights, bias):
        logits = x @ weights + bias
        powers = np.exp(logits)
        return -np.log(powers[range(64), labels] / powers.sum(axis=1)).mean()

    new_weights, new_bias = names["step"](x, labels, weights, bias, 0.001)
    fall = loss(weights, bias) - loss(new_weights, new_bias)
    step = np.sum((new_weights - weights) ** 2) + np.sum((new_bias - bias) ** 2)
    assert fall == pytest.approx(step / 0.001, rel=0.05)  # a short step falls by rate times slope^2


def test_the_program_of_the_mock_exam_reads_the_four_steps(monkeypatch):
    program = filled_program(1, 17)
    _train, (test_images, _labels) = mnist.load_data()
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    seen = {}
    fit = model.fit

    def shortened_fit(images, labels, epochs, batch_size, validation_data):
        seen.update(known=images.shape, validation=validation_data[0].shape, epochs=epochs)
        return fit(images, labels, epochs=1, batch_size=batch_size, verbose=0)

    monkeypatch.setattr(model, "fit", shortened_fit)
    names = {"mnist": mnist, "model": model}
    exec(program, names)
    assert seen == {"known": (50000, 28, 28, 1), "validation": (10000, 28, 28, 1), "epochs": 5}
    assert 0.88 < names["test_acc"] < 0.94  # of a single layer, after an epoch
    np.testing.assert_allclose(names["test_images"][..., 0] * 255, test_images, atol=1e-4)


def test_the_numbers_of_the_practice_answers():
    practice = answers(halves("exam_solutions")[0])
    assert f"{-np.log(0.1):.3f}" in practice[5]
    outputs = 26 * 26 * 32
    assert f"{outputs:,}" in practice[12] and f"{(784 + 1) * outputs:,}" in practice[12]
    assert f"{(9 + 1) * 32}" in practice[12]


def test_the_numbers_of_the_mock_exam():
    mock_exam = answers(halves("exam_solutions")[1])
    shapes = keras.Sequential(
        [keras.Input((64, 64, 3)), keras.layers.Conv2D(8, 5), keras.layers.MaxPooling2D(3)]
    )
    for number, layer in zip((6, 7), shapes.layers, strict=True):
        assert f"{layer.output.shape[1:]}；{layer.count_params()}。" in mock_exam[number]
    assert f"{-np.log(0.2):.3f}" in mock_exam[8]
    steps = -(-20_000 // 64)
    assert f"{steps}；{20_000 - (steps - 1) * 64}。" in mock_exam[9]
    precision, recall = 45 / 50, 45 / 60
    f1 = 2 * precision * recall / (precision + recall)
    assert f"{precision:.3f}；{recall:.3f}；{f1:.3f}" in mock_exam[10]


def test_the_convolution_of_the_mock_exam():
    sums = correlate([[1, 0, 2], [3, 1, 0], [0, 2, 1]], np.array([[1, -1], [0, 2]])) - 1
    solution = answers(halves("exam_solutions")[1])[14]
    rectified = np.maximum(sums, 0)
    assert matrix(sums) in solution and matrix(rectified) in solution
    assert f"结果为 {rectified.max()}" in solution


def test_the_softmax_of_the_mock_exam():
    logits = np.log([2, 3, 5])
    p, y = softmax(logits), np.array([0, 1, 0])
    solution = answers(halves("exam_solutions")[1])[15]
    assert "、".join(f"{share:g}" for share in p.round(9)) in solution
    assert "、".join(f"{slope:g}" for slope in (p - y).round(9)) in solution
    assert f"{-np.log(p[1]):.3f}" in solution
    assert f"{softmax(logits - (p - y))[1]:.3f}" in solution


def test_the_step_of_the_mock_exam():
    x, w1, b1, w2, rate = 2, 0.5, 0, 1, 0.5
    h = w1 * x + b1
    p = 1 / (1 + np.exp(-w2 * h))
    of_z = p - 1
    slopes = {"w_1": of_z * w2 * x, "b_1": of_z * w2, "w_2": of_z * h}
    solution = answers(halves("exam_solutions")[1])[16]
    assert f"p = {p:.3f}" in solution and f"L = {-np.log(p):.3f}" in solution
    for (name, slope), before in zip(slopes.items(), (w1, b1, w2), strict=True):
        assert f"${name}$ 为 {slope:.3f}" in solution
        assert f"{name} = {before - rate * slope:.3f}" in solution
