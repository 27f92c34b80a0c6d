"""Formulas as notebooks write them, for the tests of the pages that show them."""

SIZE = r"\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1"
DISPLAYED = [
    r"m_{r,c} = \sum_{i} \sum_{j} x_{r+i,\,c+j} \; w_{i,j}",
    r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
    r"\frac{\partial L}{\partial z_i} = p_i - y_i",
    r"w \leftarrow w - \eta \frac{\partial L}{\partial w}",
    r"2\sqrt{\frac{p(1-p)}{n}}",
    " + ".join(["x_{r+i}"] * 30),  # wider than a phone
]
INLINE = [r"x*y*z", r"a_b + c_d", r"-\ln p", r"p < q"]
TEXT = f"""\
# Formulas

{" and ".join(f"${formula}$" for formula in INLINE)}, but `a $PATH` is code.

{"".join(f"$${formula}$${chr(10) * 2}" for formula in DISPLAYED)}
<details><summary>The size</summary>

The image has $n$ columns.

$${SIZE}$$
</details>
"""


def check_formulas(page) -> None:
    """Assert that an open page shows the formulas of TEXT, and fits the screen of a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("The size").click()
    formulas = page.locator("math")
    sizes = [formula.bounding_box() for formula in formulas.all()]
    assert len(sizes) == len(DISPLAYED) + len(INLINE) + 2
    assert min(size["width"] for size in sizes) > 5 and min(size["height"] for size in sizes) > 5
    text = page.locator("main").inner_text()
    assert "a $PATH" in text and "∂" in text and "∑" in text
    assert not set("$\\") & set(text.replace("$PATH", ""))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    wide = formulas.nth(len(DISPLAYED) + len(INLINE) - 1)
    wide.focus()  # then the arrows scroll it
    page.keyboard.press("ArrowRight")
    page.wait_for_function("wide => wide.scrollLeft > 0", arg=wide.element_handle())
    # A displayed formula fits the height of its box, so nothing of it is cut off.
    displayed = page.locator("math[display=block]")
    assert displayed.evaluate_all("all => all.every((m) => m.scrollHeight <= m.clientHeight)")
