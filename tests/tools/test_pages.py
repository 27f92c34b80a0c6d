"""The pages of notebooks, in a browser."""

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.browser import axe_violations, watch_requests
from tests.formulas import TEXT, check_formulas
from tools import pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_shows_formulas_without_loading_anything(chromium, tmp_path, scheme):
    path = tmp_path / "formulas.html"
    cells = [new_markdown_cell(TEXT)]
    path.write_text(pages.notebook_page(new_notebook(cells=cells), "Formulas"), encoding="utf-8")
    page = chromium.new_page(color_scheme=scheme)
    wrong = watch_requests(page, path.as_uri())
    page.goto(path.as_uri())
    check_formulas(page)
    assert wrong == [] and axe_violations(page, "main") == []
    page.close()


@pytest.mark.parametrize("formula", [r"\frac{1}{", "x_", r"\nosuchcommand x", "a_b_c <b>"])
def test_a_faulty_formula_is_shown_as_it_was_typed(formula):
    page = pages.notebook_page(new_notebook(cells=[new_markdown_cell(f"It is ${formula}$.")]), "A")
    escaped = formula.replace("<", "&lt;").replace(">", "&gt;")
    assert f"It is <code>{escaped}</code>." in page


def test_a_picture_that_was_pasted_into_a_text_is_in_the_page():
    attachments = {"a.png": {"image/png": "iVBORw0="}}
    cell = new_markdown_cell("![A dot](attachment:a.png) $x$", attachments=attachments)
    assert 'src="data:image/png;base64,iVBORw0="' in pages.notebook_page(
        new_notebook(cells=[cell]), "A"
    )
