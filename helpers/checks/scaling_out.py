"""The exercises of the optional lesson scaling_out."""

import json

from helpers.checks.core import exercise, number
from helpers.scaling_out import cluster

ADDRESSES = ("10.0.0.1:12345", "10.0.0.2:12345", "10.0.0.3:12345")
STEP = 4 * 104_202


@exercise(
    number,
    "How many bytes does one step send, and how many steps of 64 do 60,000 images make?",
    "About 390 megabytes, though the images themselves are 47.",
)
def bytes_of_an_epoch(count):
    """Exercise 1: the bytes that a worker sends in an epoch of the lesson's training."""
    if count in (938 * STEP, 937 * STEP):
        return None
    if count in (469 * STEP, 468 * STEP, 1875 * STEP):
        return "64 is the global batch, of both workers together. How many steps are that?"
    if count in (938 * STEP / 4, 937 * STEP / 4):
        return "Those are numbers. How many bytes does a float32 have?"
    return "Two numbers make it: what one step sends, as printed above, and the number of steps."


@exercise(
    lambda answer: answer if isinstance(answer, str) else json.dumps(dict(answer)),
    "Copy the TF_CONFIG from above. Which list grows, and which number changes?",
    "The list is the same on all machines, and the index is what tells them apart.",
)
def third_of_three(text):
    """Exercise 2: the TF_CONFIG of the third of three machines, as JSON or as a dictionary."""
    try:
        task = cluster.read(text)
    except cluster.WorkerError as error:
        return str(error).replace("\n", " ")
    if task.workers != ADDRESSES:
        return f"The workers are {', '.join(task.workers)}, expected {', '.join(ADDRESSES)}."
    return None if task.index == 2 else "Counting starts at 0. Which index has the third?"


@exercise(
    number,
    "How many milliseconds does the second card save at a batch of 100, and how many does it cost?",
    "The faster the cards, the larger the batch that a second one needs.",
)
def second_card(batch):
    """Exercise 3: from which batch half of it takes longer than an exchange of 4 milliseconds."""
    if round(batch) in (800, 801):
        return None
    if round(batch) == 400:
        return "The second card takes over only half of the batch. How much time does that save?"
    return "At which batch do half of the images take as long as the exchange?"
