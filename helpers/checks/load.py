"""The exercises of notebook 1."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import fraction, integers, number

# Exercise 1: the shape of train_images[:5, 4:24, 4:24].
middle_of_five = comparison(
    integers,
    right=(5, 20, 20),
    near_misses={
        (5, ...): "The number of images is right. How many rows are there from 4 to 23?",
    },
    otherwise="Begin with the first axis. How many images does [:5] keep?",
    hint="The slice a:b keeps b - a entries of its axis. Take one axis after the other.",
    second_hint="[:5] keeps 5 entries. How many entries does 4:24 keep?",
    praise="Five images are left, and the rows and columns 4 to 23 of each.",
)

# Exercise 2: the digit with the most ink.
most_ink = comparison(
    number,
    right=0,
    near_misses={
        1: "This digit uses the least ink. Look at the other end of your ten means.",
    },
    otherwise="Another digit has a larger mean. Compute all ten means. Which is the largest?",
    hint="Take the images of one digit, train_images[train_labels == digit], and their mean.",
    second_hint="Let digit run from 0 to 9 in a loop, and print the mean for each.",
    praise="The 0 has the most ink. The 1 has the least, less than half as much.",
)

# Exercise 3: the accuracy of the nearest mean image in black and white. It is 0.7252, and may be
# rounded. The means of all 60,000 images give 0.7247, and a limit of 127.5 gives 0.7246.
black_and_white = comparison(
    fraction,
    right=[(0.7249, 0.7254), 0.73],
    near_misses={
        (0.7245, 0.7248): "Nearly. Use the means of the 50,000 known images, and the limit 127.",
        (0.8302, 0.8312): (
            "This is the accuracy from before. Are both, images and means, black and white?"
        ),
    },
    otherwise="Make both the images and the means black and white. Then count where they differ.",
    tolerance=0.00005,
    hint="images > 127 is an array of True and False. Count in how many pixels two of them differ.",
    second_hint="(validation_images > 127) != (means[digit] > 127) is True where pixels differ.",
    praise=(
        "A grey pixel of a mean says how many of the writers leave ink there. In black and white, "
        "this is lost."
    ),
)
