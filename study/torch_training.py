"""Train in PyTorch against the clock: the document's network, and the record that is to be beaten.

The record is the last recipe of https://github.com/tuomaso/train_mnist_fast (8_Final), made for a
GPU, written here from its description: one epoch, batches of 256, Adam on a one-cycle rate, images
shuffled once (data_saver.py) and normalised by the mean and the spread of all pixels.
"""

import time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

WARM = 608  # images before the clock starts: batches of every size that will come


class Entrant(NamedTuple):
    """Which of the two recipes to train, and how PyTorch is to execute it."""

    record: bool = False
    well: bool = False  # bfloat16, the channels of a pixel side by side, a fused Adam
    compiled: bool = False  # by torch.compile


ENTRANTS = {
    "PyTorch": Entrant(),
    "PyTorch, executed well": Entrant(well=True),
    "PyTorch, compiled": Entrant(compiled=True),
    "PyTorch record": Entrant(record=True),
    "PyTorch record, executed well": Entrant(record=True, well=True),
}


def document_network() -> nn.Module:
    """Build the document's network, without softmax, its weights drawn as in Keras (Glorot)."""
    first = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    third = [nn.Conv2d(64, 128, 3), nn.ReLU(), nn.Flatten()]
    model = nn.Sequential(*first, *second, *third, nn.Linear(1152, 10))
    for name, parameter in model.named_parameters():
        (nn.init.zeros_ if name.endswith("bias") else nn.init.xavier_uniform_)(parameter)
    return model


def record_network() -> nn.Module:
    """Build the record's network."""
    first = [nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU()]
    second = [nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU()]
    dense = [nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)]
    return nn.Sequential(*first, *second, *dense)


def train(entrant: Entrant, images, labels, seed: int, epochs: int | None = None) -> tuple:
    """Train one of `ENTRANTS`; arguments, clock and result as in keras_training.py."""
    torch.manual_seed(seed)
    model = record_network() if entrant.record else document_network()
    layout = torch.channels_last if entrant.well else torch.contiguous_format
    model = model.to(memory_format=layout)
    forward = torch.compile(model, dynamic=False) if entrant.compiled else model

    def tensor(images):
        mean, spread = (0.1307, 0.3081) if entrant.record else (0.0, 1.0)  # of all training pixels
        pixels = torch.from_numpy(images).float()[:, None] / 255
        return ((pixels - mean) / spread).to(memory_format=layout)

    def scores(batch):
        with torch.autocast("cpu", torch.bfloat16, enabled=entrant.well):
            return forward(batch)

    images, labels = tensor(images), torch.from_numpy(labels.astype(np.int64))
    if entrant.record:
        once = torch.randperm(len(images))
        images, labels = images[once], labels[once]
    fresh = {key: value.clone() for key, value in model.state_dict().items()}
    _run(entrant, model, scores, images[:WARM], labels[:WARM], 1)
    model.load_state_dict(fresh)
    start = time.perf_counter()
    _run(entrant, model, scores, images, labels, epochs or (1 if entrant.record else 5))
    seconds = time.perf_counter() - start

    def predict(images):
        with torch.no_grad():
            parts = tensor(images).split(1000)
            return torch.cat([model(part).argmax(dim=1) for part in parts]).numpy()

    return predict, seconds, sum(parameter.numel() for parameter in model.parameters())


def _run(entrant, model, scores, images, labels, epochs):
    parameters, well, size = model.parameters(), entrant.well, 256 if entrant.record else 64
    if entrant.record:
        optimizer = torch.optim.Adam(parameters, lr=0.01, betas=(0.7, 0.9), fused=well)
        cycle = {"max_lr": 0.01, "total_steps": epochs * -(-len(images) // size)}
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, cycle_momentum=False, **cycle)
    else:  # the numbers that Keras's RMSprop takes by default
        optimizer = torch.optim.RMSprop(parameters, lr=0.001, alpha=0.9, eps=1e-7, foreach=well)
        schedule = None
    for _epoch in range(epochs):
        if entrant.record:
            batches = zip(images.split(size), labels.split(size), strict=True)
        else:
            order = torch.randperm(len(images)).split(size)
            batches = ((images[batch], labels[batch]) for batch in order)
        for x, y in batches:
            output = scores(x)
            optimizer.zero_grad()
            nn.functional.cross_entropy(output.float(), y).backward()
            optimizer.step()
            if schedule:
                schedule.step()
