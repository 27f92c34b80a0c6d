"""The Chinese problem book: each number of its solutions, and of its theory, computed anew."""

import re
import zipfile
from math import ceil, cos, log, pi, sqrt
from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.common.files import ROOT
from tests.zh_CN.pages import correlate, matrix, read_page, softmax
from tools.formulas import to_mathml

X = np.array([[1, 2, 0, 1], [0, 1, 3, 1], [2, 1, 0, 0], [1, 0, 1, 2]])
KERNEL = np.array([[1, 0, -1]] * 3)
LENET = [(28, 5, 1, 6), (10, 5, 6, 16), (1, 1, 400, 120), (1, 1, 120, 84), (1, 1, 84, 10)]
OURS = [(26, 3, 1, 32), (11, 3, 32, 64), (3, 3, 64, 128), (1, 1, 1152, 10)]
OF_PROBLEM_19 = [(28, 5, 3, 16), (12, 3, 16, 32), (1, 1, 1152, 10)]
PAIRS = [(0, 0), (0, 1), (1, 0), (1, 1)]
PAGES = "theory", "problems", "solutions", "exam", "exam_solutions"


def solutions() -> dict[int, str]:
    """Return the text of each solution, with the signs of code in place of typographic ones."""
    _title, *parts = re.split(r"^\*\*(\d+)\.\*\*", read_page("solutions"), flags=re.MULTILINE)
    texts = [text.partition("\n## ")[0].replace("\u2212", "-") for text in parts[1::2]]
    return dict(zip(map(int, parts[::2]), texts, strict=True))


def parameters(layers) -> list[int]:
    return [(size**2 * channels + 1) * filters for _side, size, channels, filters in layers]


def products(layers) -> list[int]:
    return [side**2 * size**2 * channels * filters for side, size, channels, filters in layers]


def receptive_field(layers) -> list[int]:
    """Return the side after each layer, which is given as its size and its stride."""
    side, jump, sides = 1, 1, []
    for size, stride in layers:
        side += (size - 1) * jump
        jump *= stride
        sides.append(side)
    return sides


def optimize(weight: float, gradients: list[float]) -> dict[str, list[float]]:
    """Return the weight after each step of five optimizers, with a learning rate of 0.1."""
    weights = {name: [weight] for name in ("梯度下降", "动量法", "AdaGrad", "RMSprop", "Adam")}
    momentum = squares = mean_square = first = second = 0.0
    for step, g in enumerate(gradients, start=1):
        momentum = 0.9 * momentum + g
        squares += g**2
        mean_square = 0.9 * mean_square + 0.1 * g**2
        first = 0.9 * first + 0.1 * g
        second = 0.999 * second + 0.001 * g**2
        adam = first / (1 - 0.9**step) / sqrt(second / (1 - 0.999**step))
        moves = g, momentum, g / sqrt(squares), g / sqrt(mean_square), adam
        for values, move in zip(weights.values(), moves, strict=True):
            values.append(values[-1] - 0.1 * move)
    return {name: values[1:] for name, values in weights.items()}


def one_regression_step() -> list[float]:
    """Return probability and loss of problem 24 after its step."""
    inputs, label = np.array([1.0, 2.0, 1.0]), np.eye(3)[2]  # the last input is for the bias
    weights = -0.3 * np.outer(inputs, softmax(np.zeros(3)) - label)
    probability = softmax(inputs @ weights)[2]
    return [probability, -log(probability)]


def chain() -> list[float]:
    """Return loss, both derivatives and the loss after a step, of problem 25."""
    w1, w2 = 0.5, 2.0
    error = 1 / (1 + np.exp(-w1 * w2)) - 1
    d_w1, d_w2 = w2 * error, w1 * error
    z = (w1 - 0.1 * d_w1) * (w2 - 0.1 * d_w2)
    return [-log(1 + error), d_w1, d_w2, log(1 + np.exp(-z))]


def pooling_derivative():
    """Return the derivative of problem 28 for max pooling."""
    values = np.array([[1, 3, 2, 0], [4, 2, 1, 5], [0, 1, 7, 3], [6, 2, 4, 1]])
    largest = values.reshape(2, 2, 2, 2).max(axis=(1, 3)).repeat(2, 0).repeat(2, 1)
    return (values == largest) * np.array([[1, 2], [3, 4]]).repeat(2, 0).repeat(2, 1)


def scores():
    """Return precision, recall and F1 of each class of problem 31, and its three averages."""
    counts = np.array([[8, 1, 1], [2, 6, 2], [0, 1, 9]])
    right = counts.diagonal()
    precision, recall = right / counts.sum(axis=0), right / counts.sum(axis=1)
    f1 = 2 * precision * recall / (precision + recall)
    of_means = 2 * precision.mean() * recall.mean() / (precision.mean() + recall.mean())
    return [*precision, *recall, *f1, f1.mean(), right.sum() / counts.sum(), of_means]


def train_perceptron() -> list[str]:
    """Return the rows of the table of problem 41: the example, the weights and the bias."""
    examples = [((0, 3), 1), ((3, 1), 1), ((2, 0), -1)]
    weights, bias, rows, checked = np.zeros(2, int), 0, [], 0
    while checked < len(examples):  # as many in a row that need no update
        inputs, label = examples[0]
        checked += 1
        if label * (weights @ inputs + bias) <= 0:
            weights, bias, checked = weights + label * np.array(inputs), bias + label, 0
            rows.append(f"| {inputs} | {tuple(weights.tolist())} | {bias} |")
        examples.append(examples.pop(0))
    return rows


def apply_xor_network(inputs, pairs, output) -> list[float]:
    """Return the output for four inputs, where each hidden unit is given as (w1, w2, b)."""
    pairs = np.array(pairs)
    hidden = np.maximum(np.array(inputs) @ pairs[:, :2].T + pairs[:, 2], 0)
    return (hidden @ np.array(output)).tolist()


def compare_losses(z: float, label: int) -> list[float]:
    """Return p, both losses, and the derivative of each loss by a central difference."""

    def losses(z):
        p = 1 / (1 + np.exp(-z))
        return np.array([(p - label) ** 2, -np.log(p if label else 1 - p)])

    return [1 / (1 + np.exp(-z)), *losses(z), *(losses(z + 1e-5) - losses(z - 1e-5)) / 2e-5]


def normalize_for_prediction() -> list[float]:
    """Return both moving averages of problem 45, the factor, the shift and the output for 5."""
    batch = np.array([1, 3, 5, 7])
    mean, variance = 0.9 * 3 + 0.1 * batch.mean(), 0.9 * 4 + 0.1 * batch.var()
    outputs = [2 * (x - mean) / sqrt(variance) + 1 for x in (0, 1, 5)]
    return [mean, variance, outputs[1] - outputs[0], outputs[0], outputs[2]]


def regularize(weight: float, gradient: float, steps: int) -> list[float]:
    """Return the weight after some steps with L2, and with L1 regularization."""
    with_l2 = with_l1 = weight
    for _ in range(steps):
        with_l2 -= 0.1 * (gradient + 0.5 * with_l2)
        with_l1 -= 0.1 * (gradient + 0.5 * np.sign(with_l1))
    return [with_l2, with_l1]


def vote_by_distance() -> tuple[list[float], list[str]]:
    """Return the distances of problem 48, and the class for each k."""
    classes = "AAABB"
    distances = np.hypot(*(np.array([(2, 1), (0, 1), (0, 0), (3, 3), (4, 2)]) - 2).T)
    nearest = [classes[i] for i in distances.argsort()]
    return distances.tolist(), [max("AB", key=nearest[:k].count) for k in (1, 3, 5)]


def precision_recall() -> tuple[list[tuple[float, float]], float]:
    """Return recall and precision at each positive example of problem 49, and the AP."""
    is_positive = np.array([1, 0, 1, 1, 0, 0, 0])  # 0.9, 0.8, 0.7, 0.4, 0.3, 0.2, 0.1
    found = is_positive.cumsum()
    recall, precision = found / 3, found / np.arange(1, 8)
    average = (np.diff(recall, prepend=0) * precision).sum()
    at_positive = is_positive.astype(bool)
    return list(zip(recall[at_positive], precision[at_positive], strict=True)), average


def three(*values) -> list[str]:
    return [f"{value:.3f}" for value in values]


def answers() -> dict[int, list[str]]:
    """Return what must stand in the solution of each problem that is computed."""
    found = softmax(np.array([2.0, 1.0, 0.0]))
    batch = np.array([1, 3, 5, 7])
    standardized = (batch - batch.mean()) / batch.std()
    delta = np.pad([[1, 0], [0, 2]], 1)
    y = correlate(X, KERNEL)
    positive, negative = np.array([0.9, 0.7, 0.4]), np.array([0.8, 0.3, 0.2, 0.1])
    variance = 0.9914 * 0.0086
    half = 1.96 * sqrt(variance / 10_000)
    shares = [f"{max(counts) / sum(counts):.1%}" for counts in map(parameters, (LENET, OURS))]
    work = products(OF_PROBLEM_19)
    normalized = normalize_for_prediction()
    guesses = np.array([2.5, 1.9, 2.3, 2.6, 2.2])
    distances, voted = vote_by_distance()
    points, average_precision = precision_recall()
    (direct,) = products([(14, 3, 256, 64)])
    narrowed = products([(14, 1, 256, 32), (14, 3, 32, 64)])
    return {
        1: [f"{60_000 * 28 * 28:,}", f"{60_000 * 28 * 28 / 1e6:.2f} MB"],
        2: ["0.1；", *three(log(10))],
        3: [f"= {28 - 5 + 1}；", "28；", f"= {(28 - 5) // 2 + 1}。"],
        4: [f"= {(9 * 3 + 1) * 32}。"],
        5: [f"{(64 + 1) * 16:,} 个"],
        6: [f"= {(11 - 2) // 2 + 1}；"],
        7: [f"= {receptive_field([(3, 1)] * n)[-1]}" for n in (3, 5)],
        8: ["0；1；0.25；1。"],
        9: three(*softmax(np.zeros(3))),
        10: three(-log(0.25), -log(0.5)),
        11: [f"= {ceil(50_000 / 128)} 步", f"{3 * ceil(50_000 / 128):,} 步"],
        12: [f"= {1 / (1 - q):g}" for q in (0.2, 0.5)],
        13: ["800 个", "200 个", "5 次"],
        14: three(90 / 100, 90 / 120, 2 * 0.9 * 0.75 / (0.9 + 0.75)),
        15: [matrix(y)],
        16: [matrix(correlate(X, KERNEL[::-1, ::-1]))],
        17: [f"得 {np.maximum(y, 0).max()}；", f"= {y.mean():g}。"],
        18: [matrix(2 * np.array([[1, 2], [3, 4]]) - np.array([[0, 1], [1, 0]]) + 0.5)],
        19: [f"{n:,}" for n in [*parameters(OF_PROBLEM_19), sum(parameters(OF_PROBLEM_19))]],
        20: [f"{n:,}" for n in [*work, sum(work), 2 * sum(work)]],
        21: shares,
        22: ["、".join(map(str, receptive_field([(3, 1), (2, 2), (3, 2), (3, 1), (2, 2)])))],
        23: three(*found, -log(found[0]), *(found - [1, 0, 0])),
        24: three(*one_regression_step(), log(3)),
        25: three(*chain()),
        26: [matrix(correlate(X, np.ones((2, 2)))), "= 4$"],
        27: [matrix(correlate(delta, np.array([[1, 2], [3, 4]])[::-1, ::-1]))],
        28: [matrix(pooling_derivative()), "0.25、0.5、0.75 和 1"],
        29: [f"{name} {values[-1]:.4f}" for name, values in optimize(2, [0.4, -0.2]).items()],
        30: ["、".join(three(*standardized)), "、".join(three(*(2 * standardized + 1)))],
        31: [*three(*scores()), f"则为 {scores()[-1]:.3f}"],
        32: three((positive[:, None] > negative).mean(), 2 / 3, 1 / 4),
        33: [f"{0.9914 + sign * half:.4f}" for sign in (-1, 1)]
        + [f"{ceil(1.96**2 * variance / 0.001**2):,} 张"],
        36: [f"{0.25**10 * 1e7:.2f}"],
        41: train_perceptron(),
        42: [
            "、".join(f"{z:g}" for z in apply_xor_network(PAIRS, [(1, -1, 0), (-1, 1, 0)], [1, 1]))
        ],
        43: three(*compare_losses(4, 0)),
        44: [f"{rate:.4f}" for rate in (0.1**3, 0.1 * 0.95**20, 0.05 * (1 + cos(pi / 4)))],
        45: [f"{value:.3g}" for value in normalized[:2]] + three(*normalized[2:]),
        46: three(*regularize(0.3, 0.1, 1), *regularize(0.2, 0, 4)),
        47: three((guesses.mean() - 2) ** 2, guesses.var(), ((guesses - 2) ** 2).mean() + 0.25),
        48: three(*distances) + [f"为 {letter}" for letter in voted],
        49: [f"({recall:.3f}, {precision:.3f})" for recall, precision in points]
        + three(average_precision),
        50: [f"{n:,}" for n in [*narrowed, sum(narrowed), direct]]
        + [f"{sum(narrowed) / direct:.1%}"],
    }


@pytest.mark.parametrize("number", answers())
def test_a_solution_has_the_numbers_that_numpy_computes(number):
    text = solutions()[number]
    assert [value for value in answers()[number] if value not in text] == []


def test_each_problem_has_a_solution_and_the_page_says_how_many_there_are():
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", read_page("problems"), re.MULTILINE)]
    assert numbers == list(solutions()) == list(range(1, 54))
    kinds = re.findall(r"(\d+) 题", read_page("problems").partition("。公式")[0])
    assert int(kinds[0]) == sum(map(int, kinds[1:])) == len(numbers)


def test_two_convolutions_are_one_with_the_weights_of_problem_38():
    rng = np.random.default_rng(0)
    a, b, x = rng.normal(size=3), rng.normal(size=3), rng.normal(size=20)
    twice = np.correlate(np.correlate(x, a), b)
    once = [a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[0] * b[2] + a[1] * b[1] + a[2] * b[0]]
    once += [a[1] * b[2] + a[2] * b[1], a[2] * b[2]]
    np.testing.assert_allclose(twice, np.correlate(x, once))


@pytest.mark.parametrize("layers", [LENET, OURS])
def test_the_table_of_a_network_has_its_parameters_and_products(layers):
    theory = read_page("theory")
    for count, work in zip(parameters(layers), products(layers), strict=True):
        assert re.search(rf"= {count:,} \| {work:,} \|", theory), (count, work)
    assert f"| {sum(parameters(layers)):,} | {sum(products(layers)):,} |" in theory


def test_the_table_of_optimizers_has_their_two_steps():
    theory = read_page("theory")
    for name, (first, second) in optimize(1, [0.5, 0.3]).items():
        assert f"| {name} | {first:.4f} | {second:.4f} |" in theory


def test_the_theory_has_the_numbers_of_its_examples():
    theory = read_page("theory").replace("\u2212", "-")
    conv_share = sum(parameters(OURS)[:3]) / sum(parameters(OURS))
    dense_share = sum(parameters(LENET)[2:]) / sum(parameters(LENET))
    direct, narrowed = products([(28, 5, 192, 32)]), products([(28, 1, 192, 16), (28, 5, 16, 32)])
    xor = apply_xor_network(PAIRS, [(1, 1, 0), (1, 1, -1)], [1, -2])
    _p, _square, _entropy, d_square, d_entropy = compare_losses(-5, 1)
    expected = [f"{conv_share:.1%}", f"{dense_share:.1%}"]
    expected += [f"{n:,}" for n in [*direct, *narrowed, sum(narrowed)]]
    expected += [f"{sum(narrowed) / sum(direct):.1%}"]
    expected += ["、".join(f"{z:g}" for z in xor)]
    expected += [f"分别为 {d_square:.3f} 和 {d_entropy:.3f}"]
    expected += [f"只有 {90 / (90 + 0.05 * 9_900):.3f}"]
    expected += [f"{50_000 * 784:,}", f"{50_000 * 784 / sum(products(OURS)):.1f} 倍"]
    expected += [f"{sum(parameters(OURS)) / sum(parameters(LENET)):.1f} 倍"]
    expected += [f"{sum(products(OURS)) / sum(products(LENET)):.1f} 倍", f"{1.5**20:,.0f}"]
    assert [value for value in expected if value not in theory] == []


def test_backpropagation_through_a_convolution_has_its_derivatives():
    """The formulas for two channels and two filters, against differences."""
    rng = np.random.default_rng(0)
    x, w, delta = (
        rng.normal(size=(4, 5, 2)),
        rng.normal(size=(3, 3, 2, 2)),
        rng.normal(size=(2, 3, 2)),
    )

    def loss(x, w):
        patches = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(0, 1))
        return (np.einsum("rcdij,ijdf->rcf", patches, w) * delta).sum()

    d_w, d_x = np.zeros_like(w), np.zeros_like(x)
    for r, c, f, i, j, d in np.ndindex(2, 3, 2, 3, 3, 2):
        d_w[i, j, d, f] += x[r + i, c + j, d] * delta[r, c, f]
    for r, c, d, f, i, j in np.ndindex(4, 5, 2, 2, 3, 3):
        if 0 <= r - i < 2 and 0 <= c - j < 3:
            d_x[r, c, d] += delta[r - i, c - j, f] * w[i, j, d, f]
    nudge_w, nudge_x = rng.normal(size=w.shape), rng.normal(size=x.shape)
    np.testing.assert_allclose(loss(x, w + nudge_w) - loss(x, w), (d_w * nudge_w).sum())
    np.testing.assert_allclose(loss(x + nudge_x, w) - loss(x, w), (d_x * nudge_x).sum())


@pytest.mark.parametrize("page", PAGES)
def test_each_formula_can_be_shown_and_each_number_of_a_formula_is_there(page):
    text = read_page(page)
    formulas = [found.strip("$") for found in re.findall(r"\$\$[^$]+\$\$|\$[^$\n]+\$", text)]
    assert formulas
    for formula in formulas:
        to_mathml(formula)
    last = len(re.findall(r"\\qquad \(\d+\)", read_page("theory")))
    written = re.findall(r"\\qquad \((\d+)\)", read_page("theory"))
    assert written == [str(n) for n in range(1, last + 1)]
    assert all(1 <= int(n) <= last for n in re.findall(r"式 \((\d+)\)", text))


def test_the_points_of_the_form_for_the_lab_report_add_up_to_100():
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(ROOT / "docs" / "report.zh-CN.docx") as form:
        document = ElementTree.fromstring(form.read("word/document.xml"))
    text = "\n".join("".join(line.itertext()) for line in document.iter(f"{word}p"))

    def numbers(pattern):
        return [int(number) for number in re.findall(pattern, text, re.MULTILINE)]

    parts = numbers(r"^[一二三四五六七]、.*?（(\d+) 分）")
    assert len(parts) == 4 and sum(parts) == 100
    assert numbers(r"^/(\d+)$") == [*parts, 100]
    shares = numbers(r"^\d\. .*?（(\d+) 分）")
    assert [sum(shares[:2]), sum(shares[2:])] == parts[1:3], "of the steps and of the results"
