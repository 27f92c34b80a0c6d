"""The pages of notebooks, some of them in a browser."""

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.browser import axe_violations, watch_requests
from tests.formulas import TEXT, check_formulas
from tools import pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_shows_formulas_without_loading_anything(chromium, tmp_path, scheme):
    path = tmp_path / "formulas.html"
    path.write_text(pages.markdown_page(TEXT, "Formulas"), encoding="utf-8")
    page = chromium.new_page(color_scheme=scheme)
    wrong = watch_requests(page, path.as_uri())
    page.goto(path.as_uri())
    check_formulas(page)
    assert wrong == [] and axe_violations(page, "main") == []
    page.close()


@pytest.mark.parametrize("formula", [r"\frac{1}{", "x_", r"\nosuchcommand x", "a_b_c <b>"])
def test_a_faulty_formula_is_shown_as_it_was_typed(formula):
    page = pages.markdown_page(f"It is ${formula}$.", "A")
    escaped = formula.replace("<", "&lt;").replace(">", "&gt;")
    assert f"It is <code>{escaped}</code>." in page


def test_a_picture_that_was_pasted_into_a_text_is_in_the_page():
    attachments = {"a.png": {"image/png": "iVBORw0="}}
    cell = new_markdown_cell("![A dot](attachment:a.png) $x$", attachments=attachments)
    assert 'src="data:image/png;base64,iVBORw0="' in pages.notebook_page(
        new_notebook(cells=[cell]), "A"
    )


LINKS = "[on](02_b.ipynb#top), [more](../README.md), [out](https://a.org/b.ipynb)"


def test_a_link_leads_to_the_page_of_the_next_notebook_or_to_the_file(tmp_path):
    folder = tmp_path / "notebooks"
    notebooks = {
        folder / "01_a.ipynb": new_notebook(cells=[new_markdown_cell(LINKS)]),
        folder / "02_b.ipynb": new_notebook(),
    }
    first_page = pages.write_pages(notebooks, tmp_path / "build")
    page = BeautifulSoup(first_page.read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in page.main("a", class_=False)]
    assert links == ["02_b.html#top", "../notebooks/../README.md", "https://a.org/b.ipynb"]
    assert (tmp_path / "build" / "02_b.html").exists()


def test_a_page_describes_its_picture_and_loads_nothing():
    metadata = {"image/png": {"alt": 'One "grey" pixel', "width": 320}}
    picture = new_output("display_data", {"image/png": "iVBORw0="}, metadata=metadata)
    notebook = new_notebook(cells=[new_code_cell("show()", outputs=[picture])])
    page = BeautifulSoup(pages.notebook_page(notebook, "01_a"), "html.parser")
    assert page.title.text == "01_a" and page.html["lang"] == "en"
    assert (page.img["alt"], page.img["width"]) == ('One "grey" pixel', "320")
    assert not page.select("script, link, [src]:not([src^='data:'])")


def test_a_page_leaves_out_the_cell_for_colab():
    cells = [
        new_code_cell("REPOSITORY", metadata={"tags": ["colab"]}),
        new_code_cell("train()"),
    ]
    page = pages.notebook_page(new_notebook(cells=cells), "A notebook")
    assert "train" in page and "REPOSITORY" not in page
