"""Draw docs/journey.png, the picture of the README: a test image's way through the network.

python -m publish.picture
"""

from helpers import features, mnist, plots
from helpers.files import ROOT, replacing
from helpers.model import SHIPPED_MODEL, load_model


def main() -> None:
    """Draw the figure from the shipped model and write it."""
    _, (test_images, _) = mnist.load_data()
    image = mnist.prepare(test_images[883:884])  # a 3 of which the network is not quite sure
    model = load_model(SHIPPED_MODEL)
    maps = features.feature_maps(model, image[0])
    figure = plots.journey(image[0, :, :, 0], maps, model(image)[0].numpy())
    with replacing(ROOT / "docs" / "journey.png") as path:
        path.write_bytes(figure._repr_mimebundle_()[0]["image/png"])


if __name__ == "__main__":
    main()
