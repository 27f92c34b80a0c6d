"""The exercises of the optional lesson your_own."""

from sklearn.neighbors import KNeighborsClassifier

from helpers.checks.comparisons import comparison
from helpers.checks.core import exercise
from helpers.checks.kinds import fraction, number
from helpers.common.language import _

# Exercise 1: the parameters of the network for 26 letters.
parameters_of_26 = comparison(
    number,
    right=122_650,
    near_misses={
        122_624: "Each of the 26 outputs has a bias, too.",
        29_978: "That is the last layer. What do the others have?",
    },
    otherwise="Notebook 2 has 104,202 with ten outputs. What does an output more add?",
    hint="Only the last layer has changed. It has 1,152 inputs, and each output has a bias, too.",
    praise="29,978 in the last layer, and 92,672 before it, as in notebook 2.",
)


@exercise(
    fraction,
    hint="`faces % 4 == 0` marks one face of each family; `faces % 4 != 0` its relatives.",
    praise="Relatives give away nearly as much as copies do. A new family is harder.",
)
def read_by_relatives(accuracy, images, labels, faces):
    """Exercise 2: the nearest neighbour's accuracy, taught by one face of each family.

    `images` have the shape (n, height, width) and the dtype uint8. `labels` and `faces` are
    integers of shape (n,). `faces` holds for each image the number of the font that it is from.
    """
    flat = images.reshape(len(images), -1) / 255
    teaches = faces % 4 == 0
    nearest = KNeighborsClassifier(1).fit(flat[teaches], labels[teaches])
    if abs(accuracy - nearest.score(flat[~teaches], labels[~teaches])) < 0.006:
        return None
    if accuracy == 1:
        return _("Measure on faces that haven't taught.")
    return _("Let `images[teaches]` teach, and score the rest.")
