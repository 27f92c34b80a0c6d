"""What the study's runs say: the table, and the picture of accuracy against training time."""

import statistics
from pathlib import Path

import numpy as np

from helpers import plots
from helpers.faster_and_better.records import study_points

OURS = ("fast", "accurate")
EPOCH_FLOP = 1.1e12  # additions and multiplications in one of the document's epochs


def ratio(slow: list[float], fast: list[float]) -> tuple[float, float, float]:
    """Return the ratio of the medians, and the lowest and highest ratio of runs side by side.

    Where one has run more often than the other, the first rounds count, in which both ran.

    Raises:
        ValueError: one of the lists is empty.
    """
    if not slow or not fast:
        raise ValueError(f"slow, fast: got {len(slow)} and {len(fast)} times, expected one or more")
    both = list(zip(slow, fast, strict=False))
    slow, fast = zip(*both, strict=True)
    ratios = [one / other for one, other in both]
    return statistics.median(slow) / statistics.median(fast), min(ratios), max(ratios)


def table(result: dict) -> str:
    """Return the study as lines of text: what was measured, and what came out."""
    rows = _series(result) + _document(result) + _entrants(result) + _ladder(result)
    rows += _prediction(result) + [("failed", failure) for failure in result["failures"]]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows)


def picture(result: dict, path: Path) -> None:
    """Draw accuracy against training time, one point an entrant, into a PNG file."""
    bundle, _ = plots.accuracy_against_time(study_points(result), OURS)._repr_mimebundle_()
    path.write_bytes(bundle["image/png"])


def seconds(result: dict, name: str) -> list[float]:
    """Return the training times of an entrant, seed 0 first; empty if it did not run."""
    return [run["seconds"] for run in result["runs"] if run["entrant"] == name]


def _said(three, unit=" times"):
    middle, low, high = three
    return f"{middle:.2f}{unit} ({low:.2f} to {high:.2f})"


def _series(result):
    series, bare = result.get("series, s", []), result.get("bare document, s", [])
    if not series or not bare:
        return []
    said = _said(ratio(series, bare))
    return [("four notebooks / the bare document", f"{said}, {statistics.median(series):.0f} s")]


def _document(result):
    well = seconds(result, "document, executed well")
    if not well:
        return []
    rates = result["speeds"][0]["matrix products, GFLOP/s"]
    epochs = 5 if result["command"] == "make bench" else 1
    reached = EPOCH_FLOP * epochs / statistics.median(well) / 1e9
    shares = ", ".join(f"{reached / rate:.0%} of {dtype}'s" for dtype, rate in rates.items())
    return [
        (
            "document, executed well",
            f"{reached:.0f} GFLOP/s; the machine's own products of matrices: {shares}",
        )
    ]


def _entrants(result):
    document = seconds(result, "document")
    rows = []
    names = dict.fromkeys(
        run["entrant"] for run in result["runs"] if run["judged on"] == "test images"
    )
    for name in names:
        runs = [run for run in result["runs"] if run["entrant"] == name]
        times, accuracies = seconds(result, name), [run["accuracy"] for run in runs]
        said = f"{statistics.median(times):6.1f} s"
        if document and name != "document":
            said += f"; document / it {_said(ratio(document, times))}"
        said += f"; accuracy {_accuracy(accuracies)}, {runs[0]['parameters']:,} parameters"
        rows.append((name, said))
    record, fast = seconds(result, "PyTorch record"), seconds(result, "fast")
    if record and fast:
        rows.append(("PyTorch record / fast", _said(ratio(record, fast))))
    return rows


def _ladder(result):
    rows = []
    chosen = [run for run in result["runs"] if run["judged on"] == "held-out images"]
    for name in dict.fromkeys(run["entrant"] for run in chosen):
        accuracies = [run["accuracy"] for run in chosen if run["entrant"] == name]
        times = seconds(result, name)
        said = f"{statistics.median(times):6.1f} s; held-out accuracy {_accuracy(accuracies)}"
        rows.append((f"ladder: {name}", said))
    return rows


def _prediction(result):
    if not result.get("speeds"):
        return []
    times = result["speeds"][0]["one image, ms"]
    return [
        (f"one image: {name}", f"{statistics.median(ms):.2f} ms ({min(ms):.2f} to {max(ms):.2f})")
        for name, ms in times.items()
    ]


def _accuracy(values):
    spread = f" +- {np.std(values, ddof=1):.4f}" if len(values) > 1 else ""
    return f"{np.mean(values):.4f}{spread} (lowest {min(values):.4f}, n = {len(values)})"
