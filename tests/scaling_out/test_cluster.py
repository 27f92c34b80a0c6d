"""TF_CONFIG: what TensorFlow would take comes through, and each mistake is named."""

import json
import socket

import pytest

from helpers.scaling_out import cluster
from helpers.scaling_out.cluster import ClusterError
from helpers.scaling_out.workers import free_addresses

TWO = ["10.0.0.1:12345", "10.0.0.2:12345"]


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


HAS_IPV6 = has_ipv6()


def broken(**changes):
    """Return the TF_CONFIG of the second of two machines, changed."""
    content = json.loads(cluster.config(TWO, 1))
    content["task"].update({k: v for k, v in changes.items() if k in ("type", "index")})
    content["cluster"].update({k: v for k, v in changes.items() if k in ("worker", "ps")})
    return json.dumps(content)


def test_it_is_what_tensorflow_reads(monkeypatch):
    from helpers.backend import tf

    monkeypatch.setenv("TF_CONFIG", cluster.config(TWO, 1))
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    assert resolver.cluster_spec().as_dict() == {"worker": TWO}
    assert (resolver.task_type, resolver.task_id) == ("worker", 1)


def test_a_right_one_is_read():
    task = cluster.read(cluster.config(TWO, 1))
    assert (task.workers, task.index) == (tuple(TWO), 1)
    assert [task.name(index) for index in task.others()] == ["worker 0 (10.0.0.1:12345)"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{'cluster': 1}", "not JSON"),
        ("", "not JSON"),
        ("[]", "no cluster, or no task"),
        ("7", "no cluster, or no task"),
        ('{"cluster": {"worker": ["a:1"]}}', "no cluster, or no task"),
        ('{"cluster": 3, "task": {"type": "worker", "index": 0}}', "no cluster, or no task"),
        (broken(index=2), "worker 2, but the cluster has 2 workers, with the indices 0 to 1"),
        (broken(index=-1), "worker -1"),
        (broken(index="1"), "worker '1'"),
        (broken(index=True), "worker True"),
        (broken(type="chief"), "chief 1"),
        (broken(worker=[]), "expected one list, of workers"),
        (broken(worker="10.0.0.1:12345"), "expected one list, of workers"),
        (broken(ps=["10.0.0.3:1"]), "expected one list, of workers"),
        (broken(worker=["10.0.0.1", "10.0.0.2:1"]), "'10.0.0.1', expected host:port"),
        (broken(worker=["10.0.0.1:x", "10.0.0.2:1"]), "expected host:port"),
        (broken(worker=["10.0.0.1:99999", "10.0.0.2:1"]), "expected host:port"),
        (broken(worker=[":1", "10.0.0.2:1"]), "expected host:port"),
        (broken(worker=[None, "10.0.0.2:1"]), "expected host:port"),
        (broken(worker=["::1:1", "10.0.0.2:1"]), "an IPv6 address in brackets"),
        (broken(worker=["[::1]", "10.0.0.2:1"]), "an IPv6 address in brackets"),
        (broken(worker=["[10.0.0.1]:1", "10.0.0.2:1"]), "an IPv6 address in brackets"),
        (broken(worker=["10.0.0.1:1", "10.0.0.1:1"]), "stands there twice"),
    ],
)
def test_a_mistake_is_named_and_an_example_shown(text, said):
    with pytest.raises(ClusterError) as caught:
        cluster.read(text)
    message = str(caught.value)
    assert message.startswith("TF_CONFIG: ") and said in message
    assert message.endswith(cluster.EXAMPLE)


def test_an_address_in_use_is_named():
    with socket.create_server(("", 0)) as taken:
        address = f"localhost:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"can't listen at {address}.*another port"):
            cluster.wait_for_workers(cluster.Task((address,), 0), wait=0)


def test_whoever_does_not_come_is_named():
    with socket.create_server(("", 0)) as there:
        present = f"localhost:{there.getsockname()[1]}"
        own, absent = free_addresses(2)
        task = cluster.Task((own, present, absent), 0)
        with pytest.raises(ClusterError, match=rf"Waited 0.3 seconds for worker 2 \({absent}\)\."):
            cluster.wait_for_workers(task, wait=0.3)
        assert cluster.unreachable(task) == [f"worker 2 ({absent})"]


@pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")
def test_workers_meet_at_addresses_of_ipv6():
    own, absent = (address.replace("localhost", "[::1]") for address in free_addresses(2))
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as there:
        present = f"[::1]:{there.getsockname()[1]}"
        cluster.wait_for_workers(cluster.read(cluster.config([own, present], 0)), wait=0)
        with pytest.raises(ClusterError, match="can't listen at"):
            cluster.wait_for_workers(cluster.Task((present,), 0), wait=0)
    assert cluster.unreachable(cluster.Task((own, absent), 0)) == [f"worker 1 ({absent})"]


def test_a_port_is_free_again_after_the_meeting():
    (own,) = free_addresses(1)
    for _ in range(2):
        cluster.wait_for_workers(cluster.Task((own,), 0), wait=0)
