"""Write the numbers of the study into its README: `python -m study.report`.

README has a block for each function of `BLOCKS`.
"""

import re
from collections.abc import Callable

import numpy as np
from scipy.stats import norm, t, ttest_1samp, ttest_ind

from helpers.common.files import ROOT
from helpers.evaluation import accuracy_interval
from helpers.extras.better import results
from study.__main__ import MINUTES
from tools.commands import write_or_exit

README = ROOT / "study" / "README.md"
IMAGES = 10_000  # that judge a run
RECIPES = {
    "document": "the recipe of the four notebooks, by `fit` in float32",
    "document, split batch": "the same recipe, by split batches",
    "document in PyTorch": "the same recipe, in PyTorch",
    "fast": "another recipe, by split batches",
    "accurate": "another recipe, by split batches; answers by nine views",
    "train_mnist_fast": "another recipe, in PyTorch",
}


def signed(low: float, high: float, digits: int = 4) -> str:
    """Return an interval of gains as the texts write it."""
    return f"{low:+.{digits}f} to {high:+.{digits}f}"


def student_interval(gains: np.ndarray) -> tuple[float, float]:
    """Return the 95% interval of a mean over independent runs."""
    interval = ttest_1samp(gains, 0).confidence_interval()
    return interval.low, interval.high


def image_interval(first: list[list[int]], second: list[list[int]]) -> tuple[float, float]:
    """Return the 95% interval, over images alone, of the accuracy of first minus second.

    Each inner list has the mistakes of a run. The runs are pairs, and the two runs of a pair were
    judged by the same images.
    """
    pairs = [({*mistakes}, {*others}) for mistakes, others in zip(first, second, strict=True)]
    first_right = sum(len(others - mistakes) for mistakes, others in pairs)
    second_right = sum(len(mistakes - others) for mistakes, others in pairs)
    count = IMAGES * len(pairs)
    gain = (first_right - second_right) / count
    error = np.sqrt((first_right + second_right) / count - gain**2) / np.sqrt(count)
    return gain - norm.ppf(0.975) * error, gain + norm.ppf(0.975) * error


def crossed_interval(first: list[list[int]], second: list[list[int]]) -> tuple[float, float]:
    """Return the 95% interval, over seeds and images, of the accuracy of first minus second.

    Each inner list has the mistakes of a run, and all runs were judged by the same images. The
    variance over seeds and the variance over images add up.
    """
    mean_accuracies = []
    misread_shares = []  # of the runs, for each image
    seed_variance = 0
    for runs in first, second:
        accuracies = np.array([1 - len(mistakes) / IMAGES for mistakes in runs])
        mean_accuracies.append(accuracies.mean())
        seed_variance += accuracies.var(ddof=1) / len(runs)
        count = np.bincount(np.concatenate(runs).astype(int), minlength=IMAGES)
        misread_shares.append(count / len(runs))
    image_variance = (misread_shares[1] - misread_shares[0]).var(ddof=1) / IMAGES
    gain = mean_accuracies[0] - mean_accuracies[1]
    reach = t.ppf(0.975, min(len(first), len(second)) - 1) * np.sqrt(seed_variance + image_variance)
    return gain - reach, gain + reach


def mistakes_of(part: str, name: str) -> list[list[int]]:
    """Return the mistakes of all runs with a name, in the order of their seeds."""
    return [run["mistakes"] for run in results.runs(part) if run["name"] == name]


def accuracy_table(recipes: dict[str, dict[str, np.ndarray]]) -> list[str]:
    """Return the table of the recipes' accuracies, and what PyTorch changes."""
    lines = [
        "| recipe | | runs | accuracy | from lowest to highest |",
        "| --- | --- | --- | --- | --- |",
    ]
    names = sorted(recipes, key=[*RECIPES].index)
    for name in names:
        accuracies = recipes[name]["accuracy"]
        lines.append(
            f"| {name} | {RECIPES[name]} | {len(accuracies)} | "
            f"{accuracies.mean():.5f} | {accuracies.min():.4f} to {accuracies.max():.4f} |"
        )
    keras, split, pytorch = (recipes[name]["accuracy"] for name in names[:3])
    p_values = [ttest_ind(others, pytorch, equal_var=False).pvalue for others in (keras, split)]
    lines += [
        "",
        f"The recipe of *document* reads {pytorch.mean():.5f} in PyTorch, {keras.mean():.5f} in "
        f"Keras by `fit` (Welch's *p* = {p_values[0]:.3f}) and {split.mean():.5f} in Keras by "
        f"split batches (*p* = {p_values[1]:.3f}).",
    ]
    return lines


def format_digits(value: float, digits: int) -> str:
    """Return a number with so many significant digits. Whole digits are never left out."""
    if value >= 10 ** (digits - 1):
        return f"{value:.0f}"
    return f"{value:#.{digits}g}".rstrip(".")  # "#" keeps the zeros at the end


def seconds_table(seconds: dict[str, np.ndarray]) -> list[str]:
    """Return the table of the recipes' seconds, whose last columns tell execution from recipe."""
    lines = [
        "| recipe | runs | seconds | from lowest to highest | *document* = 1 "
        "| its split batch = 1 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    names = sorted(seconds, key=[*RECIPES].index)
    medians = {name: np.median(seconds[name]) for name in names}
    for name in names:
        row = [name, str(len(seconds[name])), format_digits(medians[name], 3)]
        low, high = seconds[name].min(), seconds[name].max()
        row.append(f"{format_digits(low, 3)} to {format_digits(high, 3)}")
        row += [format_digits(medians[name] / medians[whole], 2) for whole in names[:2]]
        lines.append(f"| {' | '.join(row)} |")
    return lines


def views_sentences(recipes: dict[str, dict[str, np.ndarray]]) -> str:
    """Return the accuracies by one view and by nine, and what views and training gain."""
    document, accurate = recipes["document"], recipes["accurate"]
    gains = {
        "nine views for *document*": document["nine_views"] - document["one_view"],
        "nine views for *accurate*": accurate["nine_views"] - accurate["one_view"],
    }
    texts = []
    for cause, values in gains.items():
        low, high = student_interval(values)
        texts.append(f"{cause} {values.mean():+.5f} ({signed(low, high, digits=5)})")
    # The networks of two recipes share nothing but the number of their seed, so they are no pairs.
    views = accurate["one_view"], document["one_view"]
    interval = ttest_ind(*views, equal_var=False).confidence_interval()
    training = views[0].mean() - views[1].mean()
    texts.append(f"training, by one view, {training:+.5f} ({signed(*interval, digits=5)})")
    return (
        f"*Document* reads {document['one_view'].mean():.5f} by one view and "
        f"{document['nine_views'].mean():.5f} by nine. *Accurate* reads "
        f"{accurate['one_view'].mean():.5f} by one view and {accurate['nine_views'].mean():.5f} by "
        f"nine. The gains, with their intervals over seeds, are: {', '.join(texts)}."
    )


def recipes_block() -> list[str]:
    """Return the table of the recipes and the sentences on *accurate*."""
    recipes = results.recipes()
    accurate, document = (recipes[name]["accuracy"] for name in ("accurate", "document"))
    mean = accurate.mean()
    seeds = student_interval(accurate)
    images = accuracy_interval(round(mean * IMAGES), IMAGES)
    mistakes = {name: mistakes_of("recipes", name) for name in ("accurate", "document")}
    low, high = crossed_interval(mistakes["accurate"], mistakes["document"])
    return [
        *accuracy_table(recipes),
        "",
        f"The accuracy of *accurate*, {mean:.4f}, has an interval over seeds of {seeds[0]:.4f} to "
        f"{seeds[1]:.4f} (95%, Student's t) and over images of {images[0]:.4f} to "
        f"{images[1]:.4f} (Wilson). *Accurate* reads {mean - document.mean():+.4f} more than "
        f"*document*, with an interval over seeds and images together of {signed(low, high)}. "
        + views_sentences(recipes),
    ]


def seconds_block() -> list[str]:
    """Return the table of the seconds that each recipe trains on 6,000 images."""
    return seconds_table(results.seconds())


def ablation_block() -> list[str]:
    """Return the table of what each change brings, and which changes count."""
    changes = results.ablation()
    whole = mistakes_of("ablation", "nothing")
    rates = {run["name"]: run["rate"] for run in results.runs("ablation")}
    bound = 0.05 / len(changes)  # Bonferroni's
    lines = [
        "| change | rate without it | it brings | over seeds and images | over images alone | *p* "
        "| counts |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for change, gains in changes.items():
        both = student_interval(gains)
        images = image_interval(whole, mistakes_of("ablation", change))
        p = ttest_1samp(gains, 0).pvalue
        verdict = "no"
        if not (both[0] <= 0 <= both[1] or images[0] <= 0 <= images[1]):
            verdict = "yes" if p < bound else "only as a single try"
        lines.append(
            f"| {change} | {rates[change]:g} | {gains.mean():+.5f} | {signed(*both)} | "
            f"{signed(*images)} | {p:.4f} | {verdict} |"
        )
    accuracy = 1 - np.mean([len(mistakes) for mistakes in whole]) / IMAGES
    lines += [
        "",
        f"With nothing left out, *accurate* reads {accuracy:.4f} of the images that judge. "
        f"{len(changes)} changes were tried, so Bonferroni's bound for *p* is {bound:.4f}.",
    ]
    return lines


def budget_block() -> list[str]:
    """Return the table of what dropout gains on top of moved images."""
    lines = [
        "| epochs, judged on | gain of dropout | interval | *p* |",
        "| --- | --- | --- | --- |",
    ]
    for label, gains in results.budget().items():
        interval = signed(*student_interval(gains))
        p = ttest_1samp(gains, 0).pvalue
        lines.append(f"| {label} | {gains.mean():+.4f} | {interval} | {p:.4f} |")
    return lines


def lenet_block() -> list[str]:
    """Return the accuracies of the lesson's network and of LeNet-5, and their difference."""
    networks = results.lenet()
    parameters = {run["name"]: run["parameters"] for run in results.runs("lenet")}
    lines = [
        "| network | parameters | runs | accuracy | from lowest to highest |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, accuracies in networks.items():
        lines.append(
            f"| {name} | {parameters[name]:,} | {len(accuracies)} | {accuracies.mean():.4f} | "
            f"{accuracies.min():.4f} to {accuracies.max():.4f} |"
        )
    mistakes = [mistakes_of("lenet", name) for name in ("LeNet-5", "the lesson's network")]
    difference = networks["LeNet-5"].mean() - networks["the lesson's network"].mean()
    lines += [
        "",
        f"The accuracy of LeNet-5 minus the accuracy of the lesson's network is {difference:+.4f}, "
        f"with an interval over seeds and images together of {signed(*crossed_interval(*mistakes))}"
        ".",
    ]
    return lines


def parts_block() -> list[str]:
    """Return which parts are measured, on which machine, and how long each takes."""
    lines = ["| part | minutes, estimated | measured |", "| --- | --- | --- |"]
    for part, minutes in MINUTES.items():
        measured = "not yet"
        if results.is_measured(part):
            record = results.record(part)
            machine = record["circumstances"]
            versions = ", ".join(f"{name} {text}" for name, text in machine["versions"].items())
            measured = (
                f"{record['began']}, on {machine['cores']} cores ({machine['processor']}), "
                f"with Python {machine['python']}, {versions}"
            )
        lines.append(f"| {part} | {minutes} | {measured} |")
    return lines


# Each block with the part that it needs.
BLOCKS: dict[str, tuple[Callable[[], list[str]], str | None]] = {
    "parts": (parts_block, None),
    "budget": (budget_block, "budget"),
    "recipes": (recipes_block, "recipes"),
    "seconds": (seconds_block, "seconds"),
    "ablation": (ablation_block, "ablation"),
    "lenet": (lenet_block, "lenet"),
}


def fill_blocks(text: str) -> str:
    """Return README's text with each block computed anew from the study's files."""
    for name, (block, part) in BLOCKS.items():
        lines = [f"Not measured yet. `python -m study {part}` measures it and fills this in."]
        if part is None or results.is_measured(part):
            lines = block()
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        lines = "\n".join([*lines, ""])
        text, count = pattern.subn(lambda match, lines=lines: match[1] + lines + match[2], text)
        if count != 1:
            raise ValueError(f"study/README.md has {count} blocks {name!r} in place of one")
    return text


def write_readme() -> None:
    """Fill in README."""
    write_or_exit(README, fill_blocks(README.read_text(encoding="utf-8")))
    print("study/README.md has the numbers of helpers/extras/better/.")


if __name__ == "__main__":
    write_readme()
