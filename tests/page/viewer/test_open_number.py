"""Which number of a network is open, and the way back, without a page that shows it."""

from tests.node import run_in_node

RUN = """script => {
    const number = new OpenNumber();
    new Function("number", script)(number);
    return [number.layerIndex, number.i, number.chosen, number.origin?.image ?? null];
}"""


def run(script):
    return run_in_node("viewer/open_number.js", RUN, script)


CHOSEN = "number.open(7, 3); number.chosen = {group: 4}; number.follow(5, 60, 'a seven');"


def test_a_link_leads_to_a_number_and_back_to_the_earlier_one_as_it_was():
    assert run(CHOSEN) == [5, 60, {}, "a seven"]
    assert run(f"{CHOSEN} number.follow(1, 9, 'a one')") == [1, 9, {}, "a one"]
    assert run(f"{CHOSEN} number.follow(1, 9, 'a one'); number.goBack()") == [5, 60, {}, "a seven"]
    assert run(f"{CHOSEN} number.goBack()") == [7, 3, {"group": 4}, None]


def test_no_way_leads_back_from_a_number_that_is_tapped_or_closed():
    assert run(f"{CHOSEN} number.open(2, 8)") == [2, 8, {}, None]
    assert run(f"{CHOSEN} number.close()") == [None, None, {}, None]
