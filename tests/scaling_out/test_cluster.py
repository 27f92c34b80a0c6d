"""TF_CONFIG and the meeting of the workers: mistakes and whoever is missing are named."""

import json
import re
import socket

import pytest

from helpers.scaling_out import cluster
from helpers.scaling_out.cluster import Task, WorkerError, wait_for_workers
from helpers.scaling_out.workers import free_addresses

TWO = ["10.0.0.1:12345", "10.0.0.2:12345"]
MISTAKES = [("task", {"index": wrong}) for wrong in (2, -1, "1", True)]
MISTAKES += [("task", {"type": "chief"}), ("cluster", {"ps": ["10.0.0.3:1"]})]
WRONG_WORKERS = [[], TWO[0], [TWO[0], TWO[0]], ["10.0.0.1"], ["a:99999"], ["::1"], [7]]
MISTAKES += [("cluster", {"worker": wrong}) for wrong in WRONG_WORKERS]


def test_a_mistake_in_tf_config_is_shown_beside_an_example():
    right = cluster.config(TWO, 0)
    assert cluster.read(right) == (tuple(TWO), 0)
    content = json.loads(right)
    wrong = [json.dumps(content | {part: content[part] | new}) for part, new in MISTAKES]
    for text in ("not JSON", "[]", '{"cluster": {}}', *wrong):
        with pytest.raises(WorkerError) as caught:
            cluster.read(text)
        assert str(caught.value).startswith(f"TF_CONFIG: got {text}, expected JSON")
        assert str(caught.value).endswith(right)


def test_an_address_in_use_and_whoever_does_not_come_are_named():
    own, absent = free_addresses(2)
    with socket.create_server(("", 0)) as there:
        present = f"localhost:{there.getsockname()[1]}"
        with pytest.raises(WorkerError, match=rf"can't listen at {present} \(.*another port"):
            wait_for_workers(Task((present, absent), 0), wait=0)
        wait_for_workers(Task((own, present), 0), wait=0)
        said = re.escape(f"Waited 0.3 seconds for worker 2 ({absent}).")
        with pytest.raises(WorkerError, match=said):
            wait_for_workers(Task((own, present, absent), 0), wait=0.3)
