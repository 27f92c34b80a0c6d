"""Make the trained models that come with the lesson, helpers/data/*.keras, and the picture of one.

    python -m tools.make_model

It trains the network of notebook 2 by the recipe of notebook 3, from the same seed, so the first is
the model that a learner gets; another, for extras/how_sure, sees 50,000 images, and a third, for
notebook 4, images that are moved by up to four pixels. Only the weights are kept; the optimizer's
memory would double the size. Run it with the oldest Keras that the project supports; newer ones
read older files. The first also becomes helpers/data/mnist_cnn.json, which needs no Keras, and it
draws the README's picture, docs/journey.png.
"""

import json

from helpers import features, language, mnist, plots
from helpers.backend import keras
from helpers.files import ROOT, replacing
from helpers.model import (
    HELD_OUT_MODEL,
    MOVED_MODEL,
    SHIPPED_MODEL,
    build_model,
    compile_model,
    load_model,
)
from helpers.web.layers import describe
from helpers.web.reader import NETWORK_FILE
from tools import place, write


def train(seed: int, images: int = 60_000, shift: int = 0, **settings) -> keras.Model:
    """Train the network by the recipe of notebook 3, on the first so many training images.

    They are moved by up to `shift` pixels along each axis, anew each time that they are seen.
    `settings` are of `fit`, in place of the recipe's or besides.
    """
    (train_images, train_labels), _unused = mnist.load_data()
    keras.utils.set_random_seed(seed)
    network = model = build_model()
    if shift:
        inputs, far = keras.Input((28, 28, 1)), shift / 28
        moved = keras.layers.RandomTranslation(far, far, fill_mode="constant")(inputs)
        model = keras.Model(inputs, network(moved))
    compile_model(model)
    prepared = mnist.prepare(train_images[:images])
    settings = {"epochs": 5, "batch_size": 64, "verbose": 0} | settings
    model.fit(prepared, train_labels[:images], **settings)
    return network


def draw_picture() -> None:
    """Draw a test image's way through the shipped network."""
    image = mnist.prepare(mnist.load_data()[1][0][883:884])  # a 3 of which it is not quite sure
    model = load_model(SHIPPED_MODEL)
    maps = features.feature_maps(model, image[0])
    for spoken in ("", *language.translations()):
        with language.using(spoken):
            figure = plots.journey(image[0, :, :, 0], maps, model(image)[0].numpy())
            picture = figure._repr_mimebundle_()[0]["image/png"]
        with replacing(ROOT / place("docs/journey.png", spoken)) as path:
            path.write_bytes(picture)


def main() -> None:
    """Train and write the files."""
    for path, images, shift in (
        (SHIPPED_MODEL, 60_000, 0),
        (HELD_OUT_MODEL, 50_000, 0),
        (MOVED_MODEL, 60_000, 4),
    ):
        light = build_model()
        light.set_weights(train(0, images, shift).get_weights())
        with replacing(path) as beside:
            light.save(beside)
    write(NETWORK_FILE, json.dumps(describe(load_model(SHIPPED_MODEL))) + "\n")
    draw_picture()


if __name__ == "__main__":
    main()
