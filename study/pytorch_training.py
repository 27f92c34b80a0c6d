"""Train in PyTorch against the clock: the document's recipe and train_mnist_fast.

train_mnist_fast is the last recipe of https://github.com/tuomaso/train_mnist_fast (8_Final), made
for a GPU, written here from its description: one epoch, batches of 256, Adam on a one-cycle rate,
images shuffled once (data_saver.py) and normalized by mean and standard deviation of all pixels.
"""

import time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from study.measure import PYTORCH


class Recipe(NamedTuple):
    """What to train, and how PyTorch is to execute it."""

    one_cycle: bool  # train_mnist_fast; else the document
    bfloat16: bool  # with channels_last, and all weights moved by one call
    views: int = 1


KINDS = Recipe(False, True), Recipe(True, False), Recipe(True, True)
RECIPES = dict(zip(PYTORCH, KINDS, strict=True))


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


def train(recipe: Recipe, images, labels, seed: int):
    """Train one of `RECIPES`; arguments, clock and result as in keras_training.py."""
    torch.manual_seed(seed)
    model = train_mnist_fast_network() if recipe.one_cycle else document_network()
    layout = torch.channels_last if recipe.bfloat16 else torch.contiguous_format
    model = model.to(memory_format=layout)
    mean, deviation = (0.1307, 0.3081) if recipe.one_cycle else (0.0, 1.0)

    def prepare(images):
        pixels = torch.from_numpy(images).float()[:, None] / 255
        return ((pixels - mean) / deviation).to(memory_format=layout)

    images, labels = prepare(images), torch.from_numpy(labels.astype(np.int64))
    if recipe.one_cycle:
        order = torch.randperm(len(images))
        images, labels = images[order], labels[order]
    weights_at_first = {key: value.clone() for key, value in model.state_dict().items()}
    run(recipe, model, images[:608], labels[:608])  # batches of every size that will come
    model.load_state_dict(weights_at_first)
    start = time.perf_counter()
    run(recipe, model, images, labels)
    seconds = time.perf_counter() - start

    @torch.no_grad()
    def log_probabilities(images):
        parts = [model(part).log_softmax(dim=1) for part in prepare(images).split(1000)]
        return torch.cat(parts).numpy()

    return log_probabilities, seconds, sum(parameter.numel() for parameter in model.parameters())


def run(recipe: Recipe, model: nn.Module, images, labels) -> None:
    """Train a model, in place, on tensors."""
    parameters, well = model.parameters(), recipe.bfloat16
    if recipe.one_cycle:
        epochs, size = 1, 256
        optimizer = torch.optim.Adam(parameters, lr=0.01, betas=(0.7, 0.9), fused=well)
        settings = {"max_lr": 0.01, "total_steps": -(-len(images) // size)}
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, cycle_momentum=False, **settings)
    else:  # the numbers that Keras's RMSprop takes by default; its epsilon, 1e-7, is under the root
        epochs, size = 5, 64
        optimizer = torch.optim.RMSprop(parameters, lr=0.001, alpha=0.9, eps=3e-4, foreach=well)
    for _epoch in range(epochs):
        order = torch.arange if recipe.one_cycle else torch.randperm
        for batch in order(len(images)).split(size):
            optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, enabled=well):
                scores = model(images[batch])
            nn.functional.cross_entropy(scores.float(), labels[batch]).backward()
            optimizer.step()
            if recipe.one_cycle:
                schedule.step()
