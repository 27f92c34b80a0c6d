"""Train in PyTorch against the clock: the document, train_mnist_fast, and *fast*'s network in it.

train_mnist_fast is the last recipe of https://github.com/tuomaso/train_mnist_fast (8_Final), made
for a GPU, written here from its description: one epoch, batches of 256, Adam on a one-cycle rate,
images shuffled once (data_saver.py) and normalised by the mean and the spread of all pixels.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

WARM = 608  # images before the clock starts: batches of every size that will come


class Entrant(NamedTuple):
    """What to train, and how PyTorch is to execute it."""

    network: Callable[[], nn.Module]
    one_cycle: bool = False  # train_mnist_fast's recipe; else the document's
    well: bool = False  # bfloat16, the channels of a pixel side by side, a fused Adam
    compiled: bool = False  # by torch.compile


def document_network() -> nn.Module:
    """Build the document's network, without softmax, its weights drawn as in Keras (Glorot)."""
    first = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    third = [nn.Conv2d(64, 128, 3), nn.ReLU(), nn.Flatten()]
    model = nn.Sequential(*first, *second, *third, nn.Linear(1152, 10))
    for name, parameter in model.named_parameters():
        (nn.init.zeros_ if name.endswith("bias") else nn.init.xavier_uniform_)(parameter)
    return model


def train_mnist_fast_network() -> nn.Module:
    """Build the network of train_mnist_fast."""
    first = [nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU()]
    second = [nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU()]
    dense = [nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)]
    return nn.Sequential(*first, *second, *dense)


def fast_network() -> nn.Module:
    """Build the network of *fast* in recipes.py."""
    first = [nn.Conv2d(1, 16, 5), nn.MaxPool2d(3), nn.ReLU()]
    second = [nn.Conv2d(16, 64, 3), nn.MaxPool2d(2), nn.ReLU()]
    hidden = [nn.Linear(576, 128, bias=False), nn.BatchNorm1d(128, momentum=0.2), nn.ReLU()]
    return nn.Sequential(*first, *second, nn.Flatten(), *hidden, nn.Linear(128, 10))


ENTRANTS = {
    "PyTorch": Entrant(document_network),
    "PyTorch, executed well": Entrant(document_network, well=True),
    "PyTorch, compiled": Entrant(document_network, compiled=True),
    "train_mnist_fast": Entrant(train_mnist_fast_network, one_cycle=True),
    "train_mnist_fast, executed well": Entrant(train_mnist_fast_network, one_cycle=True, well=True),
    "fast's network in PyTorch": Entrant(fast_network, one_cycle=True, well=True),
}


def train(entrant: Entrant, images, labels, seed: int, epochs: int | None = None) -> tuple:
    """Train one of `ENTRANTS`; arguments, clock and result as in keras_training.py."""
    torch.manual_seed(seed)
    model = entrant.network()
    layout = torch.channels_last if entrant.well else torch.contiguous_format
    model = model.to(memory_format=layout)
    forward = torch.compile(model, dynamic=False) if entrant.compiled else model

    def tensor(images):
        # Of all training pixels, where the recipe takes them.
        mean, spread = (0.1307, 0.3081) if entrant.one_cycle else (0.0, 1.0)
        pixels = torch.from_numpy(images).float()[:, None] / 255
        return ((pixels - mean) / spread).to(memory_format=layout)

    def scores(batch):
        with torch.autocast("cpu", torch.bfloat16, enabled=entrant.well):
            return forward(batch)

    images, labels = tensor(images), torch.from_numpy(labels.astype(np.int64))
    if entrant.one_cycle:
        once = torch.randperm(len(images))
        images, labels = images[once], labels[once]
    fresh = {key: value.clone() for key, value in model.state_dict().items()}
    _run(entrant, model, scores, images[:WARM], labels[:WARM], 1)
    model.load_state_dict(fresh)
    start = time.perf_counter()
    _run(entrant, model, scores, images, labels, epochs or (1 if entrant.one_cycle else 5))
    seconds = time.perf_counter() - start

    def predict(images):
        model.eval()
        with torch.no_grad():
            parts = tensor(images).split(1000)
            return torch.cat([model(part).argmax(dim=1) for part in parts]).numpy()

    return predict, seconds, sum(parameter.numel() for parameter in model.parameters())


def _run(entrant, model, scores, images, labels, epochs):
    parameters, well, size = model.parameters(), entrant.well, 256 if entrant.one_cycle else 64
    if entrant.one_cycle:
        optimizer = torch.optim.Adam(parameters, lr=0.01, betas=(0.7, 0.9), fused=well)
        cycle = {"max_lr": 0.01, "total_steps": epochs * -(-len(images) // size)}
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, cycle_momentum=False, **cycle)
    else:  # the numbers that Keras's RMSprop takes by default; its epsilon, 1e-7, is under the root
        optimizer = torch.optim.RMSprop(parameters, lr=0.001, alpha=0.9, eps=3e-4, foreach=well)
        schedule = None
    for _epoch in range(epochs):
        if entrant.one_cycle:
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
