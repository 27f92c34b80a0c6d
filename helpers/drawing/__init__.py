"""From strokes or a photo to an image of 28x28 pixels, as MNIST has them; no TensorFlow."""

from helpers.drawing.preparation import plain_resize, put_anywhere, to_mnist
