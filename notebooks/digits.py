"""Read handwritten digits in plain Python: a convolutional network without any library.

    python notebooks/digits.py

Each part names the section of the notebooks that explains it. The network is smaller than the
lesson's, and it learns from 5,000 images in place of 60,000. It takes one to ten minutes. Then it
reads 94% of 1,000 test images. The nearest neighbour among the same 5,000 images reads 93% of them.
"""

import math
import random
import zipfile
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "helpers" / "data" / "mnist.npz"
KERNELS = 8
# Where a kernel of 3x3 pixels can begin. It moves by two pixels, in place of a pooling.
PLACES = [(row, column) for row in range(0, 26, 2) for column in range(0, 26, 2)]
RATES = 0.05, 0.02, 0.005  # the learning rate of each epoch: it falls, so that the network settles


# Notebook 1, "Load the data": the file is a zip file with four arrays.
def read_numbers(name):
    """Return the numbers of an array such as "x_train", from 0 to 255, one after the other."""
    try:
        with zipfile.ZipFile(DATA) as file:
            content = file.read(f"{name}.npy")
    except (OSError, zipfile.BadZipFile):
        raise SystemExit(
            f"{DATA} is missing or damaged. Download the project again, and run its digits.py."
        ) from None
    return content[10 + int.from_bytes(content[8:10], "little") :]  # after a header with the shape


# Notebook 1, "Prepare the images": ink becomes 1 and paper 0.
def read_examples(part, numbers):
    """Return examples of "train" or "test": pairs of an image, in rows of pixels, and its label."""
    pixels, labels = read_numbers(f"x_{part}"), read_numbers(f"y_{part}")
    examples = []
    for number in numbers:
        digit = pixels[number * 784 : (number + 1) * 784]
        rows = [digit[row * 28 : (row + 1) * 28] for row in range(28)]
        examples.append(([[pixel / 255 for pixel in row] for row in rows], labels[number]))
    return examples


# Notebook 1, "One image is a grid of numbers".
def show(image, caption):
    """Print an image in signs. A sign is twice as high as wide, so each pixel gets two."""
    for row in image:
        print("".join(2 * " .:-=+*#%@"[round(pixel * 9)] for pixel in row))
    print(caption)


# Notebook 2, "The whole network in one picture". Random weights, or equal kernels would stay equal.
def new_network():
    """Return a row of weights for each kernel, and for each digit. Each row ends with a bias."""
    features = KERNELS * len(PLACES)
    kernels = [[random.uniform(-0.3, 0.3) for _ in range(9)] + [0.0] for _ in range(KERNELS)]
    weights = [[random.uniform(-0.07, 0.07) for _ in range(features)] + [0.0] for _ in range(10)]
    return kernels, weights


def weighted_sum(weights, numbers):
    """Multiply each weight by its number, and add up the products."""
    return sum(weight * number for weight, number in zip(weights, numbers))


# Notebook 2, "Find an edge by hand".
def cut_windows(image):
    """Return for each place the 9 pixels on which a kernel lies, and a 1 for the bias."""
    return [
        [image[row + down][column + right] for down in range(3) for right in range(3)] + [1]
        for row, column in PLACES
    ]


# Notebook 2, "Keep what was found" and "From logits to probabilities".
def forward(network, windows):
    """Return the features, with a 1 for the bias, and the probabilities of the ten digits."""
    kernels, weights = network
    sums = [weighted_sum(kernel, window) for kernel in kernels for window in windows]
    features = [max(number, 0) for number in sums] + [1]  # ReLU
    logits = [weighted_sum(row, features) for row in weights]
    powers = [math.exp(logit - max(logits)) for logit in logits]  # so that no power is too large
    return features, [power / sum(powers) for power in powers]


# Notebook 3, "Backpropagation, number by number" and "Two paths, one sum".
def backward(network, windows, features, probabilities, label):
    """Return the slope of the loss for each parameter: for the kernels, and for the weights."""
    _kernels, weights = network
    errors = [p - (digit == label) for digit, p in enumerate(probabilities)]  # p - y
    weight_slopes = [[error * feature for feature in features] for error in errors]
    # Ten paths lead from a feature to the loss, one through each logit. Their slopes are added up.
    feature_slopes = [weighted_sum(column, errors) for column in zip(*weights)]
    # ReLU lets a slope back only where the feature is above 0.
    sum_slopes = [slope * (feature > 0) for slope, feature in zip(feature_slopes, features)]
    kernel_slopes = []
    for start in range(0, KERNELS * len(PLACES), len(PLACES)):
        map_slopes = sum_slopes[start : start + len(PLACES)]
        # A weight of a kernel meets a pixel of each window. These slopes are added up, too.
        kernel_slopes.append([weighted_sum(map_slopes, pixels) for pixels in zip(*windows)])
    return kernel_slopes, weight_slopes


# Notebook 3, "One weight, one step" and "The loss of one answer".
def learn(network, image, label, rate):
    """Take a step for one image, and return the loss before the step."""
    windows = cut_windows(image)
    features, probabilities = forward(network, windows)
    slopes = backward(network, windows, features, probabilities, label)
    for rows, slope_rows in zip(network, slopes):
        for row, row_slopes in zip(rows, slope_rows):
            row[:] = [number - rate * slope for number, slope in zip(row, row_slopes)]
    return -math.log(max(probabilities[label], 1e-7))  # The logarithm of 0 doesn't exist.


# Notebook 4, "How good is it?".
def read_digit(network, image):
    """Return the digit with the highest probability."""
    _features, probabilities = forward(network, cut_windows(image))
    return probabilities.index(max(probabilities))


def accuracy(network, examples):
    """Return the share of the examples that the network reads correctly."""
    return sum(read_digit(network, image) == label for image, label in examples) / len(examples)


# Notebook 3, "Choose the number of epochs": validation images say how good each epoch was.
def main():
    """Train a network, and measure it on test images at the end."""
    known = read_examples("train", range(5_000))
    validation = read_examples("train", range(50_000, 60_000, 10))
    show(known[0][0], f"This training image has the label {known[0][1]}. The network learns ...")
    random.seed(0)
    network = new_network()
    for rate in RATES:
        random.shuffle(known)
        loss = sum(learn(network, image, label, rate) for image, label in known) / len(known)
        print(f"loss {loss:.3f}, validation accuracy {accuracy(network, validation):.3f}")
    # If you change this file, choose by the validation accuracy, and never by the test images.
    test = read_examples("test", range(0, 10_000, 10))
    show(test[0][0], f"The network reads this test image as {read_digit(network, test[0][0])}.")
    print(f"test accuracy: {accuracy(network, test):.3f}")


if __name__ == "__main__":
    main()
