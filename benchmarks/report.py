"""What the study's runs say, as a table."""

import statistics
from collections.abc import Sequence

import numpy as np

from helpers.faster_and_better.records import study_points

EPOCH_FLOP = 1.1e12  # additions and multiplications in one of the document's epochs


def ratio(slow: Sequence[float], fast: Sequence[float]) -> str:
    """Say the ratio of the medians, and the lowest and highest ratio of runs side by side.

    Where one has run more often than the other, the first rounds count, in which both ran.
    """
    rounds = min(len(slow), len(fast))
    slow, fast = np.array(slow[:rounds]), np.array(fast[:rounds])
    ratios = slow / fast
    middle = np.median(slow) / np.median(fast)
    return f"{middle:.2f} times ({ratios.min():.2f} to {ratios.max():.2f})"


def table(result: dict) -> str:
    """Return the study as lines of text: what was measured, what came out, and what is missing."""
    rows = [*_series(result), *_entrants(result)]
    for speeds in result.get("speeds", []):
        for name, ms in speeds["one image, ms"].items():
            said = f"{statistics.median(ms):.2f} ms ({min(ms):.2f} to {max(ms):.2f})"
            rows.append((f"one image: {name}", said))
    rows += [("failed", failure) for failure in result["failures"]]
    rows += [("skipped", f"{name}: not installed here") for name in result.get("skipped", [])]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows)


def _series(result):
    series, bare = result.get("series, s"), result.get("bare document, s")
    if series and bare:
        said = f"{ratio(series, bare)}, {statistics.median(series):.0f} s"
        yield "four notebooks / the bare document", said
    well = study_points(result).get("document, executed well")
    if well:
        epochs = 5 if result["command"] == "make bench" else 1
        reached = EPOCH_FLOP * epochs / np.median(well["seconds"]) / 1e9
        rates = result["speeds"][0]["matrix products, GFLOP/s"] if result.get("speeds") else {}
        shares = ", ".join(f"{reached / rate:.0%} of {dtype}'s" for dtype, rate in rates.items())
        said = f"{reached:.0f} GFLOP/s; the machine's own products of matrices: "
        yield "document, executed well", said + (shares or "not measured")


def _entrants(result):
    points = study_points(result)
    for name, runs in points.items():
        said = f"{np.median(runs['seconds']):6.1f} s"
        if "document" in points and name != "document":
            said += f"; document / it {ratio(points['document']['seconds'], runs['seconds'])}"
        yield name, f"{said}; accuracy {_accuracy(runs)}, {runs['parameters']:,} parameters"
    if {"PyTorch record", "fast"} <= points.keys():
        record, fast = points["PyTorch record"]["seconds"], points["fast"]["seconds"]
        yield "PyTorch record / fast", ratio(record, fast)
    for name, runs in study_points(result, "held-out images").items():
        said = f"{np.median(runs['seconds']):6.1f} s; held-out accuracy {_accuracy(runs)}"
        yield f"ladder: {name}", said


def _accuracy(runs):
    values = runs["accuracy"]
    spread = f" +- {values.std(ddof=1):.4f}" if len(values) > 1 else ""
    return f"{values.mean():.4f}{spread} (lowest {values.min():.4f}, n = {len(values)})"
