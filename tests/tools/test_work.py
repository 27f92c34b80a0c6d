"""Packing a learner's work and unpacking it; every test looks at the files."""

import errno
import io
import json
import os
import runpy
import shutil
import sys
import zipfile
import zlib
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest

from helpers.common.files import WriteError
from helpers.common.language import current_language
from tests.editions import needs_chinese
from tests.for_teachers import answers_found_in
from tests.scratch import LEARNER_FILES
from tools import NOTEBOOKS as LESSON_NOTEBOOKS
from tools import all_notebooks, lab, work

NOTEBOOKS = {"01_load.ipynb": b"answers of mine", "extras/your_own.ipynb": b"letters of mine"}
PACKED = {
    **{f"my_notebooks/{name}": text for name, text in NOTEBOOKS.items()},
    **{f"artifacts/{name}": text for name, text in LEARNER_FILES.items()},
}


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def all_files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def record_of(copy: bytes) -> dict:
    """Return what `tools.lab` notes of a copy."""
    return {"notebook": 1, "copy": zlib.crc32(copy), "has_solutions": True}


@pytest.fixture
def computer(tmp_path, monkeypatch):
    """A project's folder without any work, as on a laptop that has forgotten everything."""
    folder = tmp_path / "computer"
    folder.mkdir()
    monkeypatch.setattr(work, "COPIES", folder / "my_notebooks")
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder / "artifacts"))
    return folder


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_work_comes_back_on_a_laptop_that_has_forgotten_it(computer, stick, capsys):
    write_files(computer, PACKED)
    work.run_command(["pack", "Jörg-Lea 2", "--to", str(stick)])
    assert [path.name for path in stick.iterdir()] == ["work_Jörg-Lea 2.zip"]
    assert "Packed 5 files into " in capsys.readouterr().out
    shutil.rmtree(computer / "my_notebooks")
    shutil.rmtree(computer / "artifacts")
    work.run_command(["unpack", str(stick / "work_Jörg-Lea 2.zip")])
    assert all_files(computer) == PACKED
    assert "Unpacked 5 files into " in capsys.readouterr().out


def test_a_name_that_the_terminal_has_no_letters_for_stops_no_command(tmp_path, monkeypatch):
    """Such as a Chinese name, where Windows writes what a command says into a file."""
    monkeypatch.setattr("tools.lab.COPIES", tmp_path / "my_notebooks")
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "artifacts"))
    write_files(tmp_path, PACKED)
    monkeypatch.setattr(sys, "argv", ["work", "pack", "张三", "--to", str(tmp_path)])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    monkeypatch.delitem(sys.modules, "tools.work")  # so that Python runs it anew
    runpy.run_module("tools.work", run_name="__main__")
    sys.stdout.flush()
    said = sys.stdout.buffer.getvalue().decode("ascii")
    assert (tmp_path / "work_张三.zip").is_file() and "work_??.zip" in said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(
            ["zh_CN/01_load.ipynb", "zh_CN/02_b.ipynb", "01_load.ipynb"],
            "已把 3 个文件打包到",
            marks=needs_chinese,
        ),
        (["01_load.ipynb", "extras/your_own.ipynb", "zh_CN/01_load.ipynb"], "Packed 3 files into"),
    ],
)
def test_the_commands_speak_the_language_of_most_notebooks(computer, stick, capsys, names, said):
    write_files(computer, {f"my_notebooks/{name}": b"mine" for name in names})
    work.run_command(["pack", "张三", "--to", str(stick)])
    assert said in capsys.readouterr().out
    work.run_command(["unpack", str(stick / "work_张三.zip")])
    unpacked = "已把 3 个文件放回" if "已" in said else "Unpacked 3 files into"
    assert unpacked in capsys.readouterr().out
    assert current_language() == "en"


def test_only_what_a_learner_has_saved_is_packed(computer, stick):
    write_files(computer, PACKED)
    untouched = {"my_notebooks/02_architecture.ipynb": b"as the lesson has it"}
    hidden = {
        "my_notebooks/.ipynb_checkpoints/01_load.ipynb": b"an earlier save",
        "artifacts/.mnist_cnn.token.partial.keras": b"half",
    }
    write_files(computer, untouched | hidden)
    records = {
        "02_architecture.ipynb": record_of(b"as the lesson has it"),
        "01_load.ipynb": record_of(b"as the lesson had it"),
    }
    (computer / "my_notebooks/.copied.json").write_text(json.dumps(records))
    packed = work.pack("Lea", stick)
    with zipfile.ZipFile(packed) as archive:
        assert sorted(archive.namelist()) == sorted(PACKED)


def test_a_pupil_finds_no_answer_in_copies_without_solutions_and_in_what_is_packed_of_them(
    computer, stick, monkeypatch
):
    """No answer of the test, the keys and the quiz, and no line of a solution."""
    monkeypatch.setattr(lab, "COPIES", work.COPIES)
    lab.choose_notebook(["--without-solutions"])
    (work.COPIES / lab.RECORDS).unlink()  # so that each copy counts as saved
    packed = work.pack("Lea", stick)
    with zipfile.ZipFile(packed) as archive:
        names = {name for name in archive.namelist() if name.endswith(".ipynb")}
    assert len(names) == len(all_notebooks())
    assert answers_found_in([packed]) == []
    for path in all_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        ids = [cell.id for cell in cells]
        copy = nbformat.read(work.COPIES / path.relative_to(LESSON_NOTEBOOKS), as_version=4)
        assert [cell.id for cell in copy.cells] == ids[: ids.index(lab.SOLUTIONS)]


def test_packing_twice_keeps_the_earlier_file(computer, stick, capsys):
    write_files(computer, PACKED)
    packed = work.pack("Lea", stick)
    first = packed.read_bytes()
    (computer / "artifacts/history.json").write_bytes(b"of today")
    work.pack("Lea", stick)
    work.pack("Lea", stick)
    names = {"work_Lea.zip", "work_Lea (1).zip", "work_Lea (2).zip"}
    assert all_files(stick).keys() == names
    assert (stick / "work_Lea (1).zip").read_bytes() == first
    with zipfile.ZipFile(packed) as archive:
        assert archive.read("artifacts/history.json") == b"of today"
    assert f"is kept as {stick / 'work_Lea (2).zip'}" in capsys.readouterr().out


def test_unpacking_overwrites_no_work_that_is_there(computer, tmp_path, capsys):
    there = {
        "my_notebooks/01_load.ipynb": b"answers of today",
        "my_notebooks/01_load (1).ipynb": b"answers of yesterday",
        "artifacts/mnist_cnn.keras": b"yours",
        "artifacts/mine.txt": b"a note",
    }
    write_files(computer, there)
    packed = write_zip(tmp_path / "work.zip", PACKED)
    for _time in ("first", "second"):  # the second time, all files are the same
        work.unpack(packed)
        kept = {"my_notebooks/01_load (2).ipynb": b"answers of today"}
        assert all_files(computer) == there | PACKED | kept
    kept_path = computer / "my_notebooks" / "01_load (2).ipynb"
    assert capsys.readouterr().out.count(f"is kept as {kept_path}") == 1


@pytest.mark.parametrize(
    "name",
    [
        "../evil.py",
        "my_notebooks/../../evil.py",
        "/tmp/evil.py",
        "C:/evil.py",
        "my_notebooks/C:evil.py",
        "my_notebooks/.ipython/startup.py",
        "my_notebooks//evil.py",
        "my_notebooks/a\nb",
        "helpers/model.py",
        "artifacts",
        "artifacts/NUL",
        "artifacts/con.txt",
        "my_notebooks/Lpt1 .ipynb",
        "my_notebooks/01_load.ipynb.",
        "my_notebooks/mine /01_load.ipynb",
    ],
)
def test_a_file_with_a_name_that_leads_elsewhere_is_refused(computer, tmp_path, name):
    write_files(computer, {"my_notebooks/01_load.ipynb": b"of today"})
    packed = write_zip(tmp_path / "work.zip", PACKED | {name: b"evil"})
    before = all_files(tmp_path)
    with pytest.raises(SystemExit, match=r"with a file that is no work.*Nothing was unpacked"):
        work.unpack(packed)
    assert all_files(tmp_path) == before


def test_a_backslash_in_a_name_leads_nowhere(computer, tmp_path, monkeypatch):
    packed = write_zip(tmp_path / "work.zip", {"my_notebooks/..|evil.py": b"evil"})
    packed.write_bytes(packed.read_bytes().replace(b"..|evil", b"..\\evil"))
    with pytest.raises(SystemExit, match="no work of a learner"):
        work.unpack(packed)
    assert all_files(computer) == {}


def test_a_link_is_refused(computer, tmp_path):
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        link = zipfile.ZipInfo("artifacts/history.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SystemExit, match=r"no work of a learner: 'artifacts/history.json'"):
        work.unpack(tmp_path / "work.zip")
    assert all_files(computer) == {}


def test_two_files_that_windows_takes_for_one_are_refused(computer, tmp_path):
    both = {"artifacts/a.keras": b"1", "artifacts/A.KERAS": b"2"}
    with pytest.raises(SystemExit, match=r"2 files with 1 different names.*Nothing was unpacked"):
        work.unpack(write_zip(tmp_path / "work.zip", both))
    assert all_files(computer) == {}


def test_a_huge_file_is_refused_before_anything_is_written(computer, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "MAX_BYTES", 1_000_000)
    packed = write_zip(tmp_path / "work.zip", {"artifacts/zeros.keras": bytes(2_000_000)})
    assert packed.stat().st_size < 10_000
    with pytest.raises(SystemExit, match="would take 2 MB, and at most 1 MB"):
        work.unpack(packed)
    assert all_files(computer) == {}


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 4), ("MAX_BYTES", 20)])
def test_work_that_could_not_be_unpacked_is_not_packed(computer, stick, monkeypatch, limit, value):
    monkeypatch.setattr(work, limit, value)
    write_files(computer, PACKED)
    size = sum(map(len, PACKED.values()))
    assert len(PACKED) == 5 and 20 < size < 1000
    with pytest.raises(SystemExit, match=r"These are 5 files of 0 MB, .* The largest one is "):
        work.pack("Lea", stick)
    assert all_files(stick) == {}
    monkeypatch.setattr(work, limit, {"MAX_FILES": 5, "MAX_BYTES": size}[limit])
    work.unpack(work.pack("Lea", stick))  # as much as is allowed


def test_what_a_mac_adds_to_a_packed_file_is_skipped(computer, tmp_path):
    added = ["my_notebooks/.DS_Store", "__MACOSX/my_notebooks/._01_load.ipynb", ".DS_Store"]
    packed = write_zip(tmp_path / "work.zip", PACKED | dict.fromkeys(added, b"of macOS"))
    work.unpack(packed)
    assert all_files(computer) == PACKED


@pytest.mark.parametrize("content", [b"", b"no zip file", b"truncated", b"one byte altered"])
def test_a_damaged_file_unpacks_nothing(computer, tmp_path, content):
    packed = write_zip(tmp_path / "work.zip", PACKED)
    whole = packed.read_bytes()
    start = whole.index(b"artifacts/history.json") + len("artifacts/history.json")
    altered = whole[:start] + bytes([whole[start] ^ 255]) + whole[start + 1 :]
    spoilt = {b"truncated": whole[:-100], b"one byte altered": altered}
    packed.write_bytes(spoilt.get(content, content))
    with pytest.raises(SystemExit, match="is damaged, or was not made by"):
        work.unpack(packed)
    assert all_files(computer) == {}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_file_that_is_compressed_in_another_way_unpacks_nothing(
    computer, tmp_path, method
):
    packed = tmp_path / "work.zip"
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("artifacts/history.json", bytes(1000))
    content = bytearray(packed.read_bytes())
    content[60:64] = b"\xff\xff\xff\xff"
    packed.write_bytes(content)
    with pytest.raises(SystemExit, match="is damaged, or was not made by"):
        work.unpack(packed)
    assert all_files(computer) == {}


def test_a_file_or_folder_that_is_not_there_is_named(computer, stick, tmp_path):
    write_files(computer, PACKED)
    with pytest.raises(SystemExit, match=r"none\.zip can't be read \(No such file"):
        work.unpack(tmp_path / "none.zip")
    with pytest.raises(SystemExit, match=r"There is no folder .*none. Nothing was packed"):
        work.pack("Lea", tmp_path / "none")
    assert all_files(stick) == {}


@pytest.mark.parametrize("name", ["my_notebooks/01_load.ipynb", "artifacts/history.json"])
def test_a_file_that_another_program_holds_is_named(computer, stick, monkeypatch, name):
    write_files(computer, PACKED)
    records = json.dumps({"01_load.ipynb": record_of(b"as the lesson has it")})
    (computer / "my_notebooks" / ".copied.json").write_text(records, encoding="utf-8")
    open_file = Path.open

    def open_unless_held(path, *arguments, **options):
        if path == computer / name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return open_file(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_unless_held)
    with pytest.raises(SystemExit, match=rf"{name} can't be read \(Permission .*Nothing was pack"):
        work.pack("Lea", stick)
    assert all_files(stick) == {}


def test_nothing_saved_makes_no_file(computer, stick):
    with pytest.raises(SystemExit, match=r"nothing to pack: nothing was saved in .*artifacts"):
        work.pack("Lea", stick)
    assert all_files(stick) == {}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_on_a_full_stick_the_earlier_file_stays_whole(computer, stick, monkeypatch):
    write_files(computer, PACKED)
    work.pack("Lea", stick)
    before = all_files(stick)
    monkeypatch.setattr("helpers.common.files.secrets.token_hex", lambda length: "token")
    (stick / ".work_Lea.token.partial.zip").symlink_to("/dev/full")
    with pytest.raises(SystemExit, match=r"work_Lea.zip can't be written \(No space .*--to"):
        work.pack("Lea", stick)
    assert all_files(stick) == before


def test_on_a_full_disk_no_file_of_the_learner_is_lost(computer, tmp_path, monkeypatch):
    there = {"my_notebooks/01_load.ipynb": b"of today", "artifacts/history.json": b"of today"}
    write_files(computer, there)
    packed = write_zip(tmp_path / "work.zip", PACKED)
    full = Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    with monkeypatch.context() as disk:
        disk.setattr(shutil, "copyfileobj", full)
        with pytest.raises(SystemExit, match=r"01_load.ipynb can't be written \(No space"):
            work.unpack(packed)
    assert all_files(computer) == there
    work.unpack(packed)
    assert all_files(computer).items() >= PACKED.items()


def test_a_folder_that_cannot_be_made_is_named(computer, tmp_path):
    write_files(computer, {"my_notebooks/extras": b"a file where a folder should be"})
    packed = write_zip(tmp_path / "work.zip", {"my_notebooks/extras/your_own.ipynb": b"mine"})
    with pytest.raises(SystemExit, match=r"your_own.ipynb can't be written") as stopped:
        work.unpack(packed)
    assert isinstance(stopped.value.__cause__, WriteError)
    assert all_files(computer) == {"my_notebooks/extras": b"a file where a folder should be"}


@pytest.mark.parametrize("name", ["../Lea", "a/b", "", "Lea:1"])
def test_a_name_that_is_no_name_for_a_file_is_refused(computer, name, capsys):
    write_files(computer, PACKED)
    with pytest.raises(SystemExit):
        work.run_command(["pack", name])
    problem = capsys.readouterr().err
    assert "python -m tools.work pack: error: " in problem
    assert "a name has letters, digits, blanks" in problem
