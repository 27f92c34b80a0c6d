"""Draw docs/journey.png, the picture of the README: a test image's way through the network.

python -m tools.picture
"""

from helpers import features, mnist, plots
from helpers.files import ROOT, replacing
from helpers.model import SHIPPED_MODEL, load_model

PICTURE = ROOT / "docs" / "journey.png"
TEST_IMAGE = 883  # a 3 of which the network is not quite sure


def main() -> None:
    """Draw the figure from the shipped model and write it."""
    _, (test_images, _) = mnist.load_data()
    image = mnist.prepare(test_images[TEST_IMAGE : TEST_IMAGE + 1])
    model = load_model(SHIPPED_MODEL)
    maps = features.feature_maps(model, image[0])
    figure = plots.journey(image[0, :, :, 0], maps, model(image)[0].numpy())
    with replacing(PICTURE) as path:
        path.write_bytes(figure._repr_mimebundle_()[0]["image/png"])


if __name__ == "__main__":
    main()
