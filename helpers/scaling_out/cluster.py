"""The workers of a cluster: `TF_CONFIG` says where they are; are they there?

TensorFlow reads the same variable, but what it says of a mistake there is hard to understand. It
waits up to an hour for workers that don't come, holds Python still meanwhile, and crashes where its
port is in use. So the workers meet here first: each listens at its address until it has reached all
the others.
"""

import ipaddress
import json
import socket
import time
from contextlib import suppress
from typing import NamedTuple


class ClusterError(ValueError):
    """`TF_CONFIG` can't be used; the message says what came, what was expected, what to do."""


class Task(NamedTuple):
    """A worker's place: the addresses (host:port) of all workers, and the index of its own."""

    workers: tuple[str, ...]
    index: int

    def others(self) -> dict[str, str]:
        """Return the addresses of the other workers, each with its name in a message."""
        places = enumerate(self.workers)
        return {address: f"worker {i} ({address})" for i, address in places if i != self.index}


def config(workers: list[str], index: int) -> str:
    """Return `TF_CONFIG` for one worker: all addresses, and the index of its own."""
    task = {"type": "worker", "index": index}
    return json.dumps({"cluster": {"worker": workers}, "task": task})


EXAMPLE = config(["10.0.0.1:12345", "10.0.0.2:12345"], 0)


def read(text: str) -> Task:
    """Read the content of `TF_CONFIG`.

    Raises ClusterError if it is not JSON, names no workers or none with this index, or if an
    address in it is no host:port, or stands there twice.
    """
    try:
        content = json.loads(text)
        jobs, task = dict(content["cluster"]), content["task"]
        kind, index = task["type"], task["index"]
    except json.JSONDecodeError as error:
        raise _wrong(f"got {text!r:.80}, which is not JSON ({error})") from error
    except (TypeError, KeyError, ValueError) as error:
        raise _wrong(f"got {text!r:.200}, which has no cluster, or no task in it") from error
    workers = jobs.get("worker")
    if set(jobs) != {"worker"} or not isinstance(workers, list) or not workers:
        raise _wrong(f"the cluster has {jobs!r:.200}, expected one list, of workers")
    for address in workers:
        try:
            host_and_port(address)
        except (AttributeError, ValueError):
            wanted = "host:port, with an IPv6 address in brackets"
            raise _wrong(f"got the address {address!r}, expected {wanted}") from None
        if workers.count(address) > 1:
            raise _wrong(f"{address} stands there twice; each worker needs an address of its own")
    if kind != "worker" or type(index) is not int or not 0 <= index < len(workers):
        there = f"{len(workers)} workers, with the indices 0 to {len(workers) - 1}"
        raise _wrong(f"this process is {kind} {index!r}, but the cluster has {there}")
    return Task(tuple(workers), index)


def host_and_port(address: str) -> tuple[str, int]:
    """Split host:port or [IPv6]:port; raise ValueError, or AttributeError, if it is neither."""
    host, _, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = str(ipaddress.IPv6Address(host[1:-1]))
    elif not host or set(host) & set("[:]"):
        raise ValueError(address)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(address)
    return host, int(port)


def wait_for_workers(task: Task, wait: float) -> None:
    """Wait until all workers are there, for `wait` seconds.

    Raises ClusterError if this one can't listen at its address; else it names who doesn't come.
    """
    end = time.monotonic() + wait
    with _listen(task.workers[task.index]):
        missing = task.others()
        while missing := unreachable(missing):
            if time.monotonic() > end:
                raise ClusterError(
                    f"Waited {wait:g} seconds for {', '.join(missing.values())}. Start all workers "
                    "within that time, and see whether the addresses are right and no firewall is "
                    "between them."
                )
            time.sleep(0.2)


def unreachable(workers: dict[str, str]) -> dict[str, str]:
    """Return those of the workers, given as by `Task.others`, that don't answer."""
    missing = workers.copy()
    for address in workers:
        with suppress(OSError):
            socket.create_connection(host_and_port(address), timeout=3).close()
            del missing[address]
    return missing


def _listen(address: str) -> socket.socket:
    host, port = host_and_port(address)
    six = ":" in host
    family = socket.AF_INET6 if six else socket.AF_INET
    try:
        return socket.create_server(("", port), family=family, dualstack_ipv6=six)
    except OSError as error:
        cause = str(error.strerror).partition(" (while")[0]  # Python adds what it attempted
        raise ClusterError(
            f"This worker can't listen at {address} ({cause}). Is it running already, or does "
            "another program use the port? End that, or write another port into TF_CONFIG, on all "
            "machines."
        ) from error


def _wrong(what: str) -> ClusterError:
    return ClusterError(
        f"TF_CONFIG: {what}. For the first of two machines it is, for example,\n{EXAMPLE}"
    )
