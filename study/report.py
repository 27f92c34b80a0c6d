"""Write the numbers of the study into its README: `python -m study.report`.

README has a block for each function of `BLOCKS`; the lesson better quotes `lesson_phrases`.
"""

import re
from collections.abc import Callable

import numpy as np
from scipy.stats import norm, t, ttest_1samp, ttest_ind

from helpers.better import results
from helpers.evaluation import accuracy_interval
from helpers.files import ROOT
from study.__main__ import MINUTES, QUICK_MINUTES
from tools import write

README = ROOT / "study" / "README.md"
IMAGES = 10_000  # that judge a run
PACKAGES = "tensorflow", "keras", "torch", "numpy"


def signed(low: float, high: float) -> str:
    """Return an interval of gains as the texts write it."""
    return f"{low:+.4f} to {high:+.4f}"


def student_interval(gains: np.ndarray) -> tuple[float, float]:
    """Return the 95% interval of a mean over independent runs."""
    interval = ttest_1samp(gains, 0).confidence_interval()
    return interval.low, interval.high


def image_interval(first: list[list[int]], second: list[list[int]]) -> tuple[float, float]:
    """Return the 95% interval, over images alone, of the accuracy of first minus that of second.

    Each list has the mistakes of a run, and the two of a pair were judged by the same images.
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

    Each list has the mistakes of a run, and all runs were judged by the same images. The
    variance over seeds and the variance over images add up.
    """
    rates, seed_variance, wrong = [], 0, []
    for runs in first, second:
        accuracies = np.array([1 - len(mistakes) / IMAGES for mistakes in runs])
        rates.append(accuracies.mean())
        seed_variance += accuracies.var(ddof=1) / len(runs)
        count = np.bincount(np.concatenate(runs).astype(int), minlength=IMAGES)
        wrong.append(count / len(runs))
    image_variance = (wrong[1] - wrong[0]).var(ddof=1) / IMAGES
    gain = rates[0] - rates[1]
    reach = t.ppf(0.975, min(len(first), len(second)) - 1) * np.sqrt(seed_variance + image_variance)
    return gain - reach, gain + reach


def recipes_block() -> list[str]:
    """Return the table of the recipes and the sentences on *accurate*."""
    recipes = results.recipes()
    lines = ["| recipe | rounds | parameters | accuracy | seconds of training |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for name, runs in recipes.items():
        views = ", by nine views" if name == "accurate" else ""
        accuracy = f"{runs['accuracy'].mean():.4f}{views}"
        seconds = f"{np.median(runs['seconds']):.1f}"
        parameters = f"{runs['parameters'][0]:,}"
        lines.append(
            f"| {name} | {len(runs['accuracy'])} | {parameters} | {accuracy} | {seconds} |"
        )
    accurate, document = recipes["accurate"], recipes["document"]
    mean = accurate["accuracy"].mean()
    seeds = student_interval(accurate["accuracy"])
    images = accuracy_interval(round(mean * IMAGES), IMAGES)
    mistakes = {name: mistakes_of("recipes", name) for name in ("accurate", "document")}
    low, high = crossed_interval(mistakes["accurate"], mistakes["document"])
    lines += [
        "",
        f"*Accurate* reads {mean:.4f} of the test images. Over seeds, its interval is "
        f"{seeds[0]:.4f} to {seeds[1]:.4f} (95%, Student's t), over images "
        f"{images[0]:.4f} to {images[1]:.4f} (Wilson). It reads "
        f"{mean - document['accuracy'].mean():+.4f} more than *document*, with an interval over "
        f"seeds and images together of {signed(low, high)}. Nine views alone gain "
        f"{(document['nine_views'] - document['one_view']).mean():+.5f} for *document* and "
        f"{(accurate['nine_views'] - accurate['one_view']).mean():+.5f} for *accurate*.",
    ]
    return lines


def mistakes_of(part: str, name: str) -> list[list[int]]:
    """Return the mistakes of all runs with a name, in the order of their seeds."""
    return [run["mistakes"] for run in results.runs(part) if run["name"] == name]


def execution_block() -> list[str]:
    """Return the table that tells execution from recipe."""
    recipes = results.recipes()
    precision = results.circumstances()["precision"]
    rows = {
        "document": "nothing: by `fit`, in float32",
        "document, split batch": f"the same recipe, by halves in {precision}",
        "document in PyTorch": f"the same recipe, in PyTorch and {precision}",
        "fast": "another recipe, executed like row 2",
        "accurate": "another recipe, executed like row 2",
    }
    document = recipes["document"]["seconds"]
    split = recipes["document, split batch"]["seconds"]
    lines = [
        "| | what differs from row 1 | accuracy by one view | time, row 1 = 1 | time, row 2 = 1 |"
    ]
    lines.append("| --- | --- | --- | --- | --- |")
    for name, difference in rows.items():
        seconds, accuracy = recipes[name]["seconds"], recipes[name]["one_view"].mean()
        shares = [f"{np.median(seconds) / np.median(whole):#.2g}" for whole in (document, split)]
        lines.append(f"| {name} | {difference} | {accuracy:.4f} | {shares[0]} | {shares[1]} |")
    accuracies = [recipes[name]["one_view"] for name in ("document", "document in PyTorch")]
    p = ttest_ind(*accuracies, equal_var=False).pvalue
    lines += [
        "",
        f"The same recipe reads {accuracies[0].mean():.4f} in Keras by `fit` and "
        f"{accuracies[1].mean():.4f} in PyTorch (Welch's *p* = {p:.3f}).",
    ]
    return lines


def ablation_block() -> list[str]:
    """Return the table of what each change brings, and which of them pass Bonferroni's bound."""
    changes = results.ablation()
    whole = mistakes_of("ablation", "nothing")
    rates = {run["name"]: run["rate"] for run in results.runs("ablation")}
    lines = [
        "| change | rate without it | it brings | over seeds and images | over images alone | *p* |"
    ]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for change, gains in changes.items():
        both = signed(*student_interval(gains))
        images = signed(*image_interval(whole, mistakes_of("ablation", change)))
        p = ttest_1samp(gains, 0).pvalue
        lines.append(
            f"| {change} | {rates[change]:g} | {gains.mean():+.5f} | {both} | {images} | {p:.4f} |"
        )
    bound = 0.05 / len(changes)
    passed = []
    for change, gains in changes.items():
        low, high = image_interval(whole, mistakes_of("ablation", change))
        if ttest_1samp(gains, 0).pvalue < bound and not low <= 0 <= high:
            passed.append(change)
    accuracy = 1 - np.mean([len(mistakes) for mistakes in whole]) / IMAGES
    lines += [
        "",
        f"With nothing left out, *accurate* reads {accuracy:.4f} of the held-out images. "
        f"{len(changes)} changes were tried, so Bonferroni's bound is {bound:.4f}. Below it, and "
        f"with an interval over images without 0: {', '.join(passed) or 'none'}.",
    ]
    return lines


def budget_block() -> list[str]:
    """Return the table of what dropout gains on top of moved images."""
    lines = [
        "| epochs, judged on | gain of dropout | interval | *p* |",
        "| --- | --- | --- | --- |",
    ]
    for label, gains in results.budget().items():
        interval, p = signed(*student_interval(gains)), ttest_1samp(gains, 0).pvalue
        lines.append(f"| {label} | {gains.mean():+.4f} | {interval} | {p:.4f} |")
    return lines


def duration_block() -> list[str]:
    """Return how long the study takes, and on which machine it was measured."""
    parts = ", ".join(f"{minutes} for the {part}" for part, minutes in MINUTES.items())
    record = results.circumstances()
    model = re.search(r"model name\s*: (.*)", record["processor"])
    versions = ", ".join(f"{name} {record['versions'][name]}" for name in PACKAGES)
    return [
        f"`make bench` takes about {sum(MINUTES.values())} minutes on two cores: {parts}. "
        f"`make bench QUICK=1` tries the program in at most {QUICK_MINUTES} minutes. The numbers "
        f"below were measured on {record['cores']} cores of an "
        f"{model[1] if model else record['processor']}, by {versions}, with split batches in "
        f"{record['precision']}."
    ]


BLOCKS: dict[str, Callable[[], list[str]]] = {
    "duration": duration_block,
    "recipes": recipes_block,
    "execution": execution_block,
    "ablation": ablation_block,
    "budget": budget_block,
}


def fill(text: str) -> str:
    """Return README's text with each block computed anew from the study's file."""
    for name, block in BLOCKS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        lines = "\n".join([*block(), ""])
        text, count = pattern.subn(lambda match, lines=lines: match[1] + lines + match[2], text)
        if count != 1:
            raise ValueError(f"study/README.md has {count} blocks {name!r} in place of one")
    return text


def lesson_phrases() -> list[str]:
    """Return what the lesson better quotes of the study's file, word for word."""
    recipes, changes, budget = results.recipes(), results.ablation(), results.budget()
    accurate, document = recipes["accurate"], recipes["document"]
    lowest, highest = document["accuracy"].min(), document["accuracy"].max()
    count = {5: "five", 10: "ten"}[len(document["accuracy"])]
    phrases = [
        f"*accurate* reads {accurate['accuracy'].mean():.4f} of the test images",
        f"*document*, reads {document['accuracy'].mean():.4f} of them",
        f"{count} runs go from {lowest:.4f} to {highest:.4f}",
    ]
    for label in "20 epochs", "20 epochs, other images", "60 epochs", "60 epochs, other images":
        gains = budget[label]
        phrases.append(f"{gains.mean():+.4f} (p = {ttest_1samp(gains, 0).pvalue:.3f})")
    for change, gains in changes.items():
        phrases.append(f"{change} {gains.mean():+.4f}")
    for name in "document", "accurate":
        gain = (recipes[name]["nine_views"] - recipes[name]["one_view"]).mean()
        phrases.append(f"or *{name}* nine views gain {gain:.4f}")
    return phrases


def main() -> None:
    """Fill in README and print what the lesson has to say."""
    write(README, fill(README.read_text(encoding="utf-8")))
    print("study/README.md has the numbers of helpers/better/study.json.")
    print("The lesson better has to say, word for word:", *lesson_phrases(), sep="\n")


if __name__ == "__main__":
    main()
