"""Files are replaced whole or not at all, and results have one home."""

import pytest

from helpers import files


def test_a_file_is_replaced_when_the_block_ends_well(tmp_path):
    target = tmp_path / "new folder" / "numbers.txt"
    with files.replacing(target) as path:
        assert path.parent == target.parent and path.suffix == ".txt"
        path.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "numbers.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), files.replacing(target) as path:
        path.write_text("half of the new")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_results_go_to_the_project_whatever_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.delenv("HELLO_MNIST_ARTIFACTS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert files.artifacts() == files.ROOT / "artifacts"
    assert (files.ROOT / "pyproject.toml").is_file()


def test_the_environment_can_name_another_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    assert files.artifacts() == tmp_path
