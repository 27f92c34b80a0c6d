"""What the study's runs say, as a table."""

from collections.abc import Iterator

import numpy as np

from helpers import records
from helpers.evaluation import mean_interval

# In one of the document's epochs: a product and a sum, 3,100,032 times for the answer to an image,
# and as many twice on the way back.
EPOCH_FLOP = 2 * 3 * 3_100_032 * 60_000
CLOCKS = ("seconds", "cold")
PAIRS = (
    ("document", "accurate"),
    ("document", "fast"),
    ("document", "document, executed well"),
    ("PyTorch record", "fast"),
    ("PyTorch record, executed well", "fast"),
)


def table(result: dict) -> str:
    """Return the study as lines of text: what was measured, what came out, and what is missing."""
    rows = [*_series(result), *_entrants(result)]
    rows += [row for ladder in ("better", "faster") for row in ladder_rows(result, ladder)]
    for speeds in result.get("speeds", []):
        for name, ms in speeds["one image, ms"].items():
            rows.append((f"one image: {name}", _ranged(ms, "{:.2f} ms")))
    rows += [("failed", failure) for failure in result["failures"]]
    rows += [("skipped", f"{name}: {reason}") for name, reason in result["skipped"].items()]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows)


def _series(result):
    series, bare = result.get("series, s"), result.get("bare document, s")
    if series and bare:
        ratios = records.ratios(series, bare)
        yield "four notebooks / the bare document", _ranged(ratios, "{:.2f} times")
    well = records.finished(result).get("document, executed well")
    if well:
        epochs = 5 if result["command"] == "make bench" else 1
        reached = EPOCH_FLOP * epochs / np.median(well["seconds"]) / 1e9
        rates = result["speeds"][0]["matrix products, GFLOP/s"] if result.get("speeds") else {}
        shares = ", ".join(f"{reached / rate:.0%} of {dtype}'s" for dtype, rate in rates.items())
        said = f"{reached:.0f} GFLOP/s; the machine's own products of matrices: "
        yield "document, executed well", said + (shares or "not measured")


def _entrants(result):
    found = records.finished(result)
    for name, runs in found.items():
        times = f"{_ranged(runs['seconds'], '{:.1f} s')}, cold {_ranged(runs['cold'], '{:.1f} s')}"
        yield name, f"{times}; accuracy {_accuracy(runs)}, {runs['parameters']:,} parameters"
    for slow, fast in PAIRS:
        if {slow, fast} <= found.keys():
            ratios = [records.ratios(found[slow][key], found[fast][key]) for key in CLOCKS]
            said = (_ranged(ratio, "{:.2f} times") for ratio in ratios)
            yield f"{slow} / {fast}", ", cold ".join(said)


def ladder_rows(result: dict, ladder: str) -> Iterator[tuple[str, str]]:
    """Yield for each step of a ladder or a search its name, and its seconds, accuracy and gain."""
    for name, runs in records.ladder(result, ladder).items():
        said = f"{np.median(runs['seconds']):5.1f} s; held-out accuracy {_accuracy(runs)}"
        if runs["over"] and len(runs["gain"]) > 1:
            low, high = mean_interval(runs["gain"])
            said += f"; over {runs['over']}: {runs['gain'].mean():+.4f}"
            said += f" ({low:+.4f} to {high:+.4f})"
        yield f"{ladder}: {name}", said


def _ranged(values, form):
    middle, low, high = (form.format(of(values)) for of in (np.median, np.min, np.max))
    return f"{middle} ({low.split()[0]} to {high.split()[0]})"


def _accuracy(runs):
    values = runs["accuracy"]
    spread = f" +- {values.std(ddof=1):.4f}" if len(values) > 1 else ""
    return f"{values.mean():.4f}{spread} (lowest {values.min():.4f}, n = {len(values)})"
