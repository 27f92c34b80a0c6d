"""Numbers in the texts of the experiments, which nothing computes."""

import json
import re

from helpers.common.files import ROOT

PAGE = ROOT / "helpers" / "page"


def test_a_rate_that_is_called_large_is_so_many_times_the_usual_one():
    text = (PAGE / "training" / "experiments.js").read_text(encoding="utf-8")
    choices = json.loads((PAGE / "shared" / "training_choices.json").read_text(encoding="utf-8"))
    [(rate, times)] = re.findall(r"rate is ([\d.]+), which is (\d+) times as large as usual", text)
    assert f"#train=small,mnist,{rate}," in text
    assert round(float(rate) / choices["defaults"]["learning_rate"]) == int(times)
