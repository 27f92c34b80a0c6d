"""TF_CONFIG: what TensorFlow would take comes through, and each mistake is named."""

import json
import re
import socket
from contextlib import contextmanager, suppress

import pytest

from helpers.scaling_out import cluster
from helpers.scaling_out.cluster import ClusterError, Task, wait_for_workers
from helpers.scaling_out.workers import free_addresses

TWO = ["10.0.0.1:12345", "10.0.0.2:12345"]
HOSTS = ["localhost"]
with suppress(OSError):  # this machine has no IPv6
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    HOSTS.append("[::1]")


def broken(part, **changes):
    """Return the TF_CONFIG of the second of two machines, with a part of it changed."""
    content = json.loads(cluster.config(TWO, 1))
    content[part] |= changes
    return json.dumps(content)


def test_a_right_one_is_read_as_tensorflow_reads_it(monkeypatch):
    from helpers.backend import tf

    monkeypatch.setenv("TF_CONFIG", cluster.config(TWO, 1))
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    assert resolver.cluster_spec().as_dict() == {"worker": TWO}
    assert (resolver.task_type, resolver.task_id) == ("worker", 1)
    assert cluster.read(cluster.config(TWO, 1)) == (tuple(TWO), 1)


WRONG_ADDRESSES = ["10.0.0.1", "10.0.0.1:x", "10.0.0.1:99999", ":1", None]
WRONG_ADDRESSES += ["::1:1", "[::1]", "[10.0.0.1]:1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{'cluster': 1}", "not JSON"),
        ("", "not JSON"),
        ("[]", "no cluster, or no task"),
        ("7", "no cluster, or no task"),
        ('{"cluster": {"worker": ["a:1"]}}', "no cluster, or no task"),
        ('{"cluster": 3, "task": {"type": "worker", "index": 0}}', "no cluster, or no task"),
        (broken("task", index=2), "worker 2, but the cluster has 2 workers, with the indices 0"),
        *((broken("task", index=wrong), f"worker {wrong!r}, but") for wrong in (-1, "1", True)),
        (broken("task", type="chief"), "chief 1"),
        (broken("cluster", worker=[]), "expected one list, of workers"),
        (broken("cluster", worker="10.0.0.1:12345"), "expected one list, of workers"),
        (broken("cluster", ps=["10.0.0.3:1"]), "expected one list, of workers"),
        (broken("cluster", worker=["10.0.0.1:1", "10.0.0.1:1"]), "stands there twice"),
        *(
            (broken("cluster", worker=[wrong, TWO[1]]), f"{wrong!r}, expected host:port, with an")
            for wrong in WRONG_ADDRESSES
        ),
    ],
)
def test_a_mistake_is_named_and_an_example_shown(said, text):
    with pytest.raises(ClusterError) as caught:
        cluster.read(text)
    message = str(caught.value)
    assert message.startswith("TF_CONFIG: ") and said in message
    assert message.endswith(cluster.EXAMPLE)


@contextmanager
def taken(host):
    """Give an address of this machine at which somebody listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(("", 0), family=family) as there:
        yield f"{host}:{there.getsockname()[1]}"


@pytest.mark.parametrize("host", HOSTS)
def test_an_address_in_use_is_named(host):
    with taken(host) as address:
        said = rf"can't listen at {re.escape(address)}.*another port"
        with pytest.raises(ClusterError, match=said):
            wait_for_workers(Task((address,), 0), wait=0)
    for _ in range(2):  # it is free again, also after a meeting
        wait_for_workers(Task((address,), 0), wait=0)


@pytest.mark.parametrize("host", HOSTS)
def test_whoever_does_not_come_is_named(host):
    own, absent = (address.replace("localhost", host) for address in free_addresses(2))
    with taken(host) as present:
        wait_for_workers(cluster.read(cluster.config([own, present], 0)), wait=0)
        said = re.escape(f"Waited 0.3 seconds for worker 2 ({absent}).")
        with pytest.raises(ClusterError, match=said):
            wait_for_workers(Task((own, present, absent), 0), wait=0.3)
