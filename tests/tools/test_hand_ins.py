"""Files as strangers hand them in: links, large ones, zip files that are broken or that lie."""

import struct
import tracemalloc
import zipfile

import pytest

from tests.scratch import zipped
from tools import hand_ins


def read(folder, **files):
    """Return each place in a folder with the content or the problem, and put zip files there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.zip").write_bytes(data)
    return {str(place): problem or data for place, _, data, problem in hand_ins.hand_ins(folder)}


def test_a_link_leads_nowhere_and_what_is_hidden_or_large_is_not_read(tmp_path):
    folder = tmp_path / "class"
    read(folder / ".ipynb_checkpoints", a=b"x")
    (folder / "b.ipynb").write_bytes(bytes(hand_ins.LARGEST + 1))
    (folder / "c").symlink_to(tmp_path, target_is_directory=True)
    (folder / "d.ipynb").symlink_to(tmp_path / "d.ipynb")
    (folder / "e").symlink_to(folder / "e")
    (tmp_path / "d.ipynb").write_bytes(b"x")
    link = "no readable file of this folder"
    assert read(folder) == {"b.ipynb": "larger than 20 MB", "c": link, "d.ipynb": link, "e": link}


def test_a_zip_file_is_a_folder_or_a_platforms_download(tmp_path):
    read(tmp_path / "Lea", work=zipped({"a/1.ipynb": "1", "b/2.ipynb": "2"}))
    inner = zipped({"a/1.ipynb": "3", "b/2.ipynb": "4"})
    found = read(
        tmp_path,
        bulk=zipped({"Anna/1.ipynb": "5", "Bo/b.zip": inner, "Cy.zip": inner, "Di/a.pdf": "6"}),
        project=zipped({"build/1.ipynb": "7", "notebooks/1.ipynb": "8", "README.md": "9"}),
        mac=zipped({"work/1.ipynb": "10", "__MACOSX/work/._1.ipynb": "11", "work/": ""}),
        flat=zipped({"1.ipynb": "12", "more/2.ipynb": "13", "extra/.git/3.ipynb": "14"}),
    )
    places = "Lea/work/a/1.ipynb Lea/work/b/2.ipynb Anna/1.ipynb Bo/b/a/1.ipynb Bo/b/b/2.ipynb "
    places += "Cy/a/1.ipynb Cy/b/2.ipynb Di/a.pdf flat/1.ipynb flat/more/2.ipynb "
    places += "mac/work/1.ipynb project/build/1.ipynb project/notebooks/1.ipynb project/README.md"
    assert list(found) == places.split()
    assert b" ".join(found.values()) == b"1 2 5 3 4 3 4 6 12 13 10 7 8 9"


def test_a_name_in_a_zip_file_is_no_path(tmp_path):
    names = ("../../a", "/etc/b", "C:\\d\\..\\e", "f/./g\u202e", "\\\\host\\h", "..", "C:")
    found = read(tmp_path / "class", names=zipped(dict.fromkeys(names, "x")))
    assert list(found) == [f"names/{name}" for name in ("a", "etc/b", "d/e", "f/g?", "host/h")]
    assert [path.name for path in tmp_path.rglob("*")] == ["class", "names.zip"]


def test_a_zip_file_that_lies_fills_no_memory(tmp_path):
    bomb = bytearray(zipped({"a.ipynb": bytes(100_000_000)}))
    central = bomb.index(b"PK\1\2")
    bomb[22:26] = bomb[central + 24 : central + 28] = struct.pack("<I", 1000)
    large = zipped({"a.ipynb": bytes(hand_ins.LARGEST + 1)})
    tracemalloc.start()
    found = read(tmp_path, bomb=bomb, large=large)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    wrong = {"bomb/a.ipynb": "damaged, or can't be read", "large/a.ipynb": "larger than 20 MB"}
    assert found == wrong and peak < 1_000_000


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path, monkeypatch):
    secret, damaged = (bytearray(zipped({"a": "xyz", "b": "y"})) for _ in range(2))
    secret[6] = secret[secret.index(b"PK\1\2") + 8] = 1  # encrypted, say both headers
    damaged[31] ^= 255
    nested = zipped({"a.zip": zipped({"a.zip": zipped({}), "b": "x"}), "c": "y"})
    bz2 = zipped({"a": "x"}, zipfile.ZIP_BZIP2)
    found = read(tmp_path, bz2=bz2, damaged=damaged, nested=nested, secret=secret, text=b"no zip")
    unreadable = "encrypted, or of a compression that isn't read"
    assert found == {
        "bz2/a": unreadable,
        "damaged/a": "damaged, or can't be read",
        "damaged/b": b"y",
        "nested/a/a.zip": "a zip file in a zip file in another",
        "nested/a/b": b"x",
        "nested/c": b"y",
        "secret/a": unreadable,
        "secret/b": b"y",
        "text.zip": "damaged, or can't be read",
    }


@pytest.mark.parametrize(("name", "limit"), [("MEMBERS", 3), ("WHOLE", 9), ("LARGEST_ZIP", 250)])
def test_a_zip_file_with_too_much_in_it_is_not_opened(tmp_path, monkeypatch, name, limit):
    """Too many files or bytes, those of zip files in it counted in, or too large itself."""
    monkeypatch.setattr(hand_ins, name, limit)
    few = zipped({"a": "x", "b": "12345678"})
    deep, many = zipped({"c.zip": few, "d": ""}), zipped(dict.fromkeys("abcd", "xyz"))
    found = read(tmp_path, few=few, deep=deep, many=many)
    assert found.pop("few/a") + found.pop("few/b") == b"x12345678" and found["many.zip"]
    assert not [place for place, data in found.items() if data and isinstance(data, bytes)]
