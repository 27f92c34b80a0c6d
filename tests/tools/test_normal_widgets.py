import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.see_inside.explorer import WIDGET_VIEW
from tools import normal


def test_what_stands_in_for_a_widget_outlives_it():
    view = {"model_id": "0", "version_major": 2, "version_minor": 0}
    pair = new_output("display_data", data={WIDGET_VIEW: view, "image/png": "iVBORw0KGgo="})
    words = new_output("display_data", data={WIDGET_VIEW: view, "text/plain": "a pad"})
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[pair, words])])
    nbformat.validate(notebook)
    first, second = normal.normal(notebook).cells[0].outputs
    assert list(first.data) == ["image/png"]
    assert list(second.data) == ["text/plain"]
