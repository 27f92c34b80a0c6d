"""The workers of a cluster: `TF_CONFIG` says where they are, and here they wait for each other.

TensorFlow itself says little of a mistake there, waits up to an hour for workers that don't come,
and crashes where its port is in use. So each first listens at its address until all have answered.
"""

import json
import socket
import time
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit


class WorkerError(RuntimeError):
    """A worker can't begin or go on; the message says why, and what to do."""


class Task(NamedTuple):
    """A worker's place: the addresses (host:port) of all workers, and the index of its own."""

    workers: tuple[str, ...]
    index: int

    def unreachable(self) -> str:
        """Return the names of the other workers that don't answer, with their addresses."""
        missing = []
        for i, address in enumerate(self.workers):
            try:
                if i != self.index:
                    socket.create_connection(_host_and_port(address), timeout=3).close()
            except OSError:
                missing.append(f"worker {i} ({address})")
        return ", ".join(missing)


def config(workers: list[str], index: int) -> str:
    """Return `TF_CONFIG` for one worker: all addresses, and the index of its own."""
    task = {"type": "worker", "index": index}
    return json.dumps({"cluster": {"worker": workers}, "task": task})


def read(text: str) -> Task:
    """Return the task that the content of `TF_CONFIG` describes; a mistake is a WorkerError."""
    with suppress(AttributeError, KeyError, TypeError, ValueError):
        content = json.loads(text)
        ((job, workers),) = content["cluster"].items()
        kind, index = content["task"]["type"], content["task"]["index"]
        are_different = len({_host_and_port(address) for address in workers}) == len(workers)
        is_there = type(index) is int and 0 <= index < len(workers)
        if job == kind == "worker" and are_different and is_there:
            return Task(tuple(workers), index)
    example = config(["10.0.0.1:12345", "10.0.0.2:12345"], 0)
    raise WorkerError(
        f"TF_CONFIG: got {text:.300}, expected JSON with one list, of workers, each with a "
        "host:port of its own, and one of them as the task, by its index, counted from 0. For the "
        f"first of two machines it is, for example,\n{example}"
    )


def wait_for_workers(task: Task, wait: float) -> None:
    """Wait up to `wait` seconds for all workers; WorkerError names a missing or used address."""
    end, address = time.monotonic() + wait, task.workers[task.index]
    try:
        own = socket.create_server(("", _host_and_port(address)[1]))
    except OSError as error:
        raise WorkerError(
            f"This worker can't listen at {address} ({error.strerror}). End the program that uses "
            "the port, or write another port into TF_CONFIG, on all machines."
        ) from error
    with own:
        while missing := task.unreachable():
            if time.monotonic() > end:
                raise WorkerError(
                    f"Waited {wait:g} seconds for {missing}. Start all workers within that time, "
                    "and see whether the addresses are right and no firewall is between them."
                )
            time.sleep(0.2)


def _host_and_port(address):
    parts = urlsplit(f"//{address}")
    if not (parts.hostname and parts.port):
        raise ValueError(address)
    return parts.hostname, parts.port
