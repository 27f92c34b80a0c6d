"""TF_CONFIG: what TensorFlow would take comes through, and each mistake is named."""

import json
import socket

import pytest

from helpers.scaling_out import cluster
from helpers.scaling_out.cluster import ClusterError, Task, wait_for_workers
from helpers.scaling_out.workers import free_addresses

TWO = ["10.0.0.1:12345", "10.0.0.2:12345"]
try:
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    HAS_IPV6 = True
except OSError:
    HAS_IPV6 = False


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


def test_an_address_in_use_is_named():
    with socket.create_server(("", 0)) as taken:
        address = f"localhost:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"can't listen at {address}.*another port"):
            wait_for_workers(Task((address,), 0), wait=0)
    for _ in range(2):  # it is free again, also after a meeting
        wait_for_workers(Task((address,), 0), wait=0)


def test_whoever_does_not_come_is_named():
    with socket.create_server(("", 0)) as there:
        own, absent = free_addresses(2)
        task = Task((own, f"localhost:{there.getsockname()[1]}", absent), 0)
        with pytest.raises(ClusterError, match=rf"Waited 0.3 seconds for worker 2 \({absent}\)\."):
            wait_for_workers(task, wait=0.3)


@pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")
def test_workers_meet_at_addresses_of_ipv6():
    own, absent = (address.replace("localhost", "[::1]") for address in free_addresses(2))
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as there:
        present = f"[::1]:{there.getsockname()[1]}"
        wait_for_workers(cluster.read(cluster.config([own, present], 0)), wait=0)
        with pytest.raises(ClusterError, match="can't listen at"):
            wait_for_workers(Task((present,), 0), wait=0)
    others = Task((own, absent), 0).others()
    assert cluster.unreachable(others) == {absent: f"worker 1 ({absent})"} == others
