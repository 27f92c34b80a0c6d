"""How long an answer takes on a page, in turn with the kernel's way.

python -m study.in_browser

Needs Playwright, which is in the group `test`, and an installed Chromium.
"""

import statistics

from playwright.sync_api import sync_playwright

from helpers.drawing import to_mnist
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.model import SHIPPED_MODEL, load_model
from helpers.web import scripts
from helpers.web.layers import describe
from study.prediction import one_image
from tests.find_browser import FLAGS, find_browser

ROUNDS, CALLS = 9, 101
START = """([description, strokes, image, drawing]) => {
    const network = readNetwork(description);
    const model = showNetwork(document.body, network, {strokes});
    const pixels = Float32Array.from(image, grey => grey / 255);
    const ink = Uint8Array.from(drawing);
    const grey = () => Float32Array.from(toMnist(ink, 280, 280), value => value / 255);
    window.ways = {
        "page, an image": () => forward(network, pixels),
        "page, a drawing": () => forward(network, grey()),
        "page, a frame with all maps": () => model.save_changes(),
    };
}"""
TIME = """calls => Object.fromEntries(Object.entries(ways).map(([name, way]) => {
    const times = Array.from({length: calls}, () => {
        const start = performance.now();
        way();
        return performance.now() - start;
    });
    return [name, times.sort((a, b) => a - b)[calls >> 1]];
}))"""
PAIRS = {
    "an image": ("page, an image", "a compiled function"),
    "a drawing": ("page, a drawing", "the drawing pad's answer"),
}


def main() -> dict[str, list[float]]:
    """Return each round's median milliseconds by way, and the ratios of page to kernel."""
    drawing = render_strokes(recorded_strokes())
    image = to_mnist(drawing)
    state = [describe(load_model(SHIPPED_MODEL)), recorded_strokes()]
    state += [image.ravel().tolist(), drawing.ravel().tolist()]
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.add_script_tag(content=scripts.bundle("viewer.js"))
        page.evaluate(START, state)
        page.evaluate(TIME, CALLS)  # the browser compiles what it has run for a while
        rounds = []
        for _ in range(ROUNDS):
            kernel = {way: statistics.median(times) for way, times in one_image(rounds=1).items()}
            rounds.append(page.evaluate(TIME, CALLS) | kernel)
        chromium.close()
    medians = {way: [round(one[way], 3) for one in rounds] for way in rounds[0]}
    for name, (ours, theirs) in PAIRS.items():
        medians[f"{name}, page / kernel"] = [round(one[ours] / one[theirs], 2) for one in rounds]
    return medians


if __name__ == "__main__":
    for way, values in main().items():
        middle, low, high = statistics.median(values), min(values), max(values)
        print(f"{way:32} {middle:8.3f}  ({low:.3f} to {high:.3f})")
