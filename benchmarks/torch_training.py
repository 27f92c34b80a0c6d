"""Train in PyTorch against the clock: the document's network, and the record that is to be beaten.

The record is the last recipe of https://github.com/tuomaso/train_mnist_fast (8_Final): one epoch
in file order, batches of 256, Adam on a one-cycle rate. Its images are normalised by the mean and
the spread of all pixels. Written here from that description.
"""

import time

import numpy as np
import torch
from torch import nn

WARM = 608  # images before the clock starts: batches of every size that will come


def document_network() -> nn.Module:
    """Build the document's network; softmax is part of the loss, as is PyTorch's way."""
    first = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    third = [nn.Conv2d(64, 128, 3), nn.ReLU(), nn.Flatten()]
    return nn.Sequential(*first, *second, *third, nn.Linear(1152, 10))


def record_network() -> nn.Module:
    """Build the record's network."""
    first = [nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU()]
    second = [nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU()]
    dense = [nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)]
    return nn.Sequential(*first, *second, *dense)


def train(name: str, images, labels, seed: int, epochs: int | None = None) -> tuple:
    """Train one of this module's entrants; arguments and result as in keras_training.py."""
    torch.manual_seed(seed)
    record = name == "PyTorch record"
    mean, spread = (0.1307, 0.3081) if record else (0.0, 1.0)  # of the training pixels, 0 to 1
    images = _tensor(images, mean, spread)
    labels = torch.from_numpy(labels.astype(np.int64))
    model = record_network() if record else document_network()
    forward = torch.compile(model) if name == "PyTorch, compiled" else model
    run = _run_record if record else _run_document

    fresh = {key: value.clone() for key, value in model.state_dict().items()}
    run(model, forward, images[:WARM], labels[:WARM], 1)
    model.load_state_dict(fresh)
    start = time.perf_counter()
    run(model, forward, images, labels, epochs or (1 if record else 5))
    seconds = time.perf_counter() - start

    def predict(images):
        with torch.no_grad():
            parts = _tensor(images, mean, spread).split(1000)
            return torch.cat([model(part).argmax(dim=1) for part in parts]).numpy()

    return predict, seconds, sum(parameter.numel() for parameter in model.parameters())


def _run_document(model, forward, images, labels, epochs):
    # The numbers that Keras's RMSprop takes by default.
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            _step(optimizer, forward(images[batch]), labels[batch])


def _run_record(model, forward, images, labels, epochs):
    size = 256
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.7, 0.9))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.01, total_steps=epochs * -(-len(images) // size), cycle_momentum=False
    )
    for _ in range(epochs):
        for x, y in zip(images.split(size), labels.split(size), strict=True):
            _step(optimizer, forward(x), y)
            schedule.step()


def _step(optimizer, scores, labels):
    optimizer.zero_grad()
    nn.functional.cross_entropy(scores, labels).backward()
    optimizer.step()


def _tensor(images, mean, spread):
    return (torch.from_numpy(images).float()[:, None] / 255 - mean) / spread
