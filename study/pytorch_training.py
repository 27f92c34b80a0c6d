"""Train in PyTorch: the document's recipe and train_mnist_fast.

train_mnist_fast is the last recipe of https://github.com/tuomaso/train_mnist_fast (8_Final), made
for a GPU, written here from its description: one epoch, batches of 256, Adam on a one-cycle rate,
images shuffled, and normalized by mean and standard deviation of all pixels.
"""

from copy import deepcopy

import numpy as np
import torch
from torch import nn


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


def prepare_training(name: str, images, labels, seed: int, precision: str):
    """Prepare to train one of `PYTORCH`; all else is as in keras_training.py.

    For speed, all weights are moved by one call, and channels come last.
    """
    torch.manual_seed(seed)
    one_cycle, layout = "train_mnist_fast" in name, torch.channels_last
    model = train_mnist_fast_network() if one_cycle else document_network()
    model = model.to(memory_format=layout)
    mean, deviation, epochs, size = (0.1307, 0.3081, 1, 256) if one_cycle else (0, 1, 5, 64)

    def normalize(images):
        pixels = torch.from_numpy(images).float()[:, None] / 255
        return ((pixels - mean) / deviation).to(memory_format=layout)

    def run(model, images, labels):
        if one_cycle:
            settings = {"lr": 0.01, "betas": (0.7, 0.9), "fused": True}
            optimizer = torch.optim.Adam(model.parameters(), **settings)
            cycle = {"max_lr": 0.01, "total_steps": -(-len(images) // size)}
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, cycle_momentum=False, **cycle)
        else:  # the numbers of Keras's RMSprop; its epsilon, 1e-7, is under the root
            settings = {"lr": 0.001, "alpha": 0.9, "eps": 3e-4, "foreach": True}
            optimizer = torch.optim.RMSprop(model.parameters(), **settings)
        for _epoch in range(epochs):
            for batch in torch.randperm(len(images)).split(size):
                optimizer.zero_grad()
                with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
                    scores = model(images[batch])
                nn.functional.cross_entropy(scores.float(), labels[batch]).backward()
                optimizer.step()
                if one_cycle:
                    schedule.step()

    images, labels = normalize(images), torch.from_numpy(labels.astype(np.int64))
    run(deepcopy(model), images[:608], labels[:608])  # batches of every size that will come

    @torch.no_grad()
    def log_probabilities(images):
        batches = normalize(images).split(1000)
        return torch.cat([model(batch).log_softmax(dim=1) for batch in batches]).numpy()

    parameters = sum(parameter.numel() for parameter in model.parameters())
    return lambda: run(model, images, labels), log_probabilities, parameters
