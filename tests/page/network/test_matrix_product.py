"""The product of two matrices in the page, with and without WebAssembly."""

import base64
import re

import pytest
import wasmtime

from helpers.widgets import scripts
from helpers.widgets.step_address import ARCHITECTURES
from tests.node import run_in_node

NETWORK = scripts.FOLDER / "network"
NO_WEBASSEMBLY = "delete window.WebAssembly"
# This policy allows scripts in the page itself, and no WebAssembly.
POLICY = """document.head.innerHTML =
    `<meta http-equiv=Content-Security-Policy content="script-src 'unsafe-inline'">`;"""
# Is there a kernel? And what does LeNet-5 learn from a batch of noise? Its layers have 6, 10, 16
# and more units or channels.
LEARN = """(architecture) => {
    const network = {shape: [28, 28, 1], layers: buildLayers(architecture, randomFrom(1))};
    const random = randomFrom(2);
    const noise = () => Uint8Array.from({length: 784}, () => 256 * random());
    const batch = Array.from({length: 3}, (_none, label) => ({label, image: noise()}));
    const {loss, gradient} = computeGradient(network, batch);
    const arrays = gradient.flatMap((layer) => Object.values(layer));
    return [compiledKernel !== null, loss, arrays.map((array) => [...array])];
}"""


# Both products of matrices with so many rows, inner numbers and columns. Some numbers are 0.
MULTIPLY = """([rows, inner, columns, transposed]) => {
    const random = (length) => Float32Array.from({length}, () =>
        Math.random() < 0.2 ? 0 : Math.random() - 0.5);
    const [numbers, right] = [random(rows + inner), random(inner * columns)];
    const indices = Int32Array.from({length: rows * inner}, () =>
        Math.floor(Math.random() * numbers.length));
    const strides = transposed ? [1, rows] : [inner, 1];
    const options = {rows, inner, columns, transposed};
    return [
        compiledKernel !== null,
        [...multiply([numbers.subarray(0, 1), numbers.subarray(1)], indices, [right], options)],
        [...multiplyInJavaScript(numbers, indices, right, [rows, inner, columns], strides)],
    ];
}"""


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("size", [(1, 1, 1), (5, 9, 3), (2, 7, 4), (3, 30, 10), (70, 33, 65)])
def test_the_kernel_and_javascript_make_the_same_product(size, transposed):
    has_kernel, found, wanted = run_in_node(
        "network/matrix_product.js", MULTIPLY, [*size, transposed]
    )
    # A fifth of the numbers is 0, and the smallest product has a single number.
    assert has_kernel and found == wanted and (any(wanted) or size == (1, 1, 1))


def learn(browser, obstacle):
    """Return what LEARN does on a page on which an obstacle was put before its scripts."""
    page = browser.new_page()
    page.evaluate(obstacle)
    page.add_script_tag(
        content=scripts.bundle("network/architectures.js", "network/backpropagation.js")
    )
    result = page.evaluate(LEARN, ARCHITECTURES["lenet5"])
    page.close()
    return result


def test_without_webassembly_each_number_is_the_same(chromium):
    has_kernel, *wanted = learn(chromium, "0")
    assert has_kernel and all(any(array) for array in wanted[1])
    for obstacle in (NO_WEBASSEMBLY, POLICY):
        has_kernel, *found = learn(chromium, obstacle)
        assert not has_kernel
        assert found == wanted


def test_the_kernel_is_what_its_text_is_compiled_to():
    text = (NETWORK / "matrix_product.wat").read_text("utf-8")
    compiled = base64.b64encode(wasmtime.wat2wasm(text)).decode()
    [committed] = re.findall('"(.+)"', (NETWORK / "matrix_product_binary.js").read_text("utf-8"))
    if committed != compiled:
        pytest.fail(f"matrix_product_binary.js should have this text: {compiled}", pytrace=False)
