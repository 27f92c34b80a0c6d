"""What the figure of scaling_out says."""

from helpers.scaling_out import plots


def test_dots_stand_where_what_is_saved_equals_the_cost():
    costs, crossing = {"a": 1, "b": 5, "c": 40}, {"a": 10, "b": 50, "c": 400}
    (axes,) = plots.second_machine(0.2, costs, crossing, 64).axes
    (start, low), (end, high) = axes.lines[0].get_xydata()
    assert (low, high) == (0.1 * start, 0.1 * end)
    dots = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "o"]
    assert dots == [[[10, 1]], [[50, 5]], [[400, 40]]]
    texts = [note.get_text() for note in axes.texts]
    assert texts == ["a: 10 images", "b: 50 images", "c: 400 images"]
