"""Draw docs/journey.png, the picture of the README: a test image's way through the network.

python -m tools.picture
"""

from helpers import features, mnist, plots
from helpers.files import ROOT, replacing
from helpers.model import SHIPPED_MODEL, load_model
from helpers.plots.canvas import LessonFigure

PICTURE = ROOT / "docs" / "journey.png"
TEST_IMAGE = 883  # a 3 of which the network is not quite sure


def draw() -> LessonFigure:
    """Make the figure from the shipped model and one test image."""
    _, (test_images, _) = mnist.load_data()
    image = mnist.prepare(test_images[TEST_IMAGE : TEST_IMAGE + 1])
    model = load_model(SHIPPED_MODEL)
    maps = features.feature_maps(model, image[0])
    return plots.journey(image[0, :, :, 0], maps, model(image)[0].numpy())


def main() -> None:
    """Write the picture."""
    data, _ = draw()._repr_mimebundle_()
    with replacing(PICTURE) as path:
        path.write_bytes(data["image/png"])
    print(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
