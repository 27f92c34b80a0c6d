"""Which process of a cluster this one is: the environment variable `TF_CONFIG`, read and checked.

TensorFlow reads the same variable, but what it says of a mistake there is hard to understand, and
some mistakes let it wait for a worker that will never come.
"""

import json
from dataclasses import dataclass

EXAMPLE = (
    '{"cluster": {"worker": ["10.0.0.1:12345", "10.0.0.2:12345"]}, '
    '"task": {"type": "worker", "index": 0}}'
)


class ClusterError(ValueError):
    """`TF_CONFIG` can't be used; the message says what came, what was expected, what to do."""


@dataclass(frozen=True)
class Task:
    """A worker's place: the addresses (host:port) of all workers, and the index of its own."""

    workers: tuple[str, ...]
    index: int

    @property
    def address(self) -> str:
        """The worker's own address."""
        return self.workers[self.index]

    def others(self) -> list[int]:
        """Return the indices of the other workers."""
        return [index for index in range(len(self.workers)) if index != self.index]

    def name(self, index: int) -> str:
        """Return what a worker is called in a message."""
        return f"worker {index} ({self.workers[index]})"


def config(workers: list[str], index: int) -> str:
    """Return `TF_CONFIG` for one worker: all addresses, and the index of its own."""
    task = {"type": "worker", "index": index}
    return json.dumps({"cluster": {"worker": list(workers)}, "task": task})


def read(text: str) -> Task:
    """Read and check the content of `TF_CONFIG`.

    Raises:
        ClusterError: it is not JSON, names no workers or none with this index, or an address in
            it is no host:port, or stands there twice.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise _wrong(f"got {text!r:.80}, which is not JSON ({error})") from error
    try:
        jobs, task = dict(content["cluster"]), content["task"]
        kind, index = task["type"], task["index"]
    except (TypeError, KeyError, ValueError) as error:
        raise _wrong(f"got {text!r:.200}, which has no cluster, or no task in it") from error
    workers = jobs.get("worker")
    if set(jobs) != {"worker"} or not isinstance(workers, list) or not workers:
        raise _wrong(f"the cluster has {jobs!r:.200}, expected one list, of workers") from None
    for address in workers:
        host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise _wrong(f"got the address {address!r}, expected host:port")
        if workers.count(address) > 1:
            raise _wrong(f"{address} stands there twice; each worker needs an address of its own")
    there = type(index) is int and 0 <= index < len(workers)
    if kind != "worker" or not there:
        raise _wrong(
            f"this process is {kind} {index!r}, but the cluster has {len(workers)} workers, "
            f"with the indices 0 to {len(workers) - 1}"
        )
    return Task(tuple(workers), index)


def _wrong(what: str) -> ClusterError:
    return ClusterError(
        f"TF_CONFIG: {what}. For the first of two machines it is, for example,\n{EXAMPLE}"
    )
