"""Whether the other workers of a cluster are there, asked before TensorFlow is.

TensorFlow waits up to an hour for workers that don't come, holds Python still meanwhile, and
crashes where its port is in use. So the workers meet here first: each listens at its address until
it has reached all the others.
"""

import os
import socket
import time

from helpers.scaling_out.cluster import ClusterError, Task

SECONDS_BETWEEN_CALLS = 0.2


def wait_for_workers(task: Task, wait: float) -> None:
    """Wait until all workers are there.

    Args:
        task: this worker's place.
        wait: for how many seconds.

    Raises:
        ClusterError: this worker can't listen at its address, or others are not there in time;
            the message names them.
    """
    end = time.monotonic() + wait
    with _listen(task.address):
        missing = task.others()
        while missing := [index for index in missing if not _answers(task.workers[index])]:
            if time.monotonic() > end:
                names = ", ".join(map(task.name, missing))
                raise ClusterError(
                    f"Waited {wait:g} seconds for {names}. Start all workers within that time, "
                    "and see whether the addresses are right and no firewall is between them."
                )
            time.sleep(SECONDS_BETWEEN_CALLS)


def unreachable(task: Task) -> list[str]:
    """Return the names of the other workers that don't answer."""
    return [task.name(index) for index in task.others() if not _answers(task.workers[index])]


def _listen(address: str) -> socket.socket:
    listener = socket.socket()
    try:
        if os.name == "posix":  # a port that was closed a moment ago counts as free
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", _parts(address)[1]))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ClusterError(
            f"This worker can't listen at {address} ({error.strerror}). Is it running already, or "
            "does another program use the port? End that, or write another port into TF_CONFIG, "
            "on all machines."
        ) from error
    return listener


def _answers(address: str) -> bool:
    try:
        socket.create_connection(_parts(address), timeout=3).close()
    except OSError:
        return False
    return True


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
