"""Make build/offline/, a folder from which a class without a network installs the lesson.

    python -m tools.offline [--platform windows] [--python 3.12]

It holds the lesson as it is here, with what you have changed or added, but without what learners
should not find, such as the test and all keys. It also holds wheels for one system and one version
of Python, and READ_ME.txt with the commands for the computers of the class. The wheels are fetched
by uv and by pip, which uv runs.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.common.files import ROOT
from tools import is_for_teachers
from tools.commands import start_command, write_or_exit

FOLDER = ROOT / "build" / "offline"
# Learners need none of these folders, and most of them repeat the answers to what is for teachers.
NOT_FOR_LEARNERS = {"teach", "tests", "publish", "locales", "docs/maintain", ".github", ".ci"}
UV = os.environ.get("UV", "uv")  # where `uv run` or make has found it
PYTHONS = ["3.11", "3.12", "3.13"]
# What pip calls each system of uv: a wheel may carry any of these tags.
PLATFORM_TAGS = {
    "windows": ["win_amd64"],
    "macos": ["macosx_14_0_arm64"],
    "linux": ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64"],
}


def fetch_wheels(target: Path, system: str | None, python: str) -> None:
    """Fetch wheels of all that the lesson needs, and of uv_build, with which pip installs it.

    Some packages are pinned to other versions in the first releases of a Python, such as 3.11.2,
    than in later ones. Nobody knows which release a class has, so both versions are fetched.
    """
    for release in (f"{python}.0", f"{python}.99"):
        for command in fetch_commands(target, system, release):
            if subprocess.run([UV, *command], cwd=ROOT, input=b"uv_build<2").returncode:
                raise SystemExit(
                    "The packages can't be fetched, for the reason above. The command needs the "
                    "internet, 2.5 GB of disk, and packages for this system and this Python."
                )


def fetch_commands(target: Path, system: str | None, release: str) -> tuple[list[str], list[str]]:
    """Return the commands of uv that choose the versions for a Python, and fetch their wheels."""
    this_python = f"--python={sys.executable}"
    pins = str(target / "requirements.txt")
    wheels = ["--only-binary=:all:", f"--python-version={release}"]
    choose_versions = ["pip", "compile", this_python, *wheels, "-q", "--no-header"]
    choose_versions += ["pyproject.toml", "-", "-o", pins]
    fetch = ["tool", "run", this_python, "pip", "download", *wheels]
    fetch += ["--no-deps", "-r", pins, f"--dest={target}"]
    if system:
        choose_versions.append(f"--python-platform={system}")
        fetch += [f"--platform={tag}" for tag in PLATFORM_TAGS[system]]
    return choose_versions, fetch


def copy_lesson(target: Path) -> None:
    """Copy the files as they are here, but for what git would ignore and learners don't need.

    OSError says why the first of the files can't be copied.
    """
    patterns = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    anywhere = shutil.ignore_patterns(".git", *(one.rstrip("/") for one in patterns))
    # A pattern that begins with a slash holds for the project's folder alone.
    at_the_top = shutil.ignore_patterns(*(one.strip("/") for one in patterns if one[:1] == "/"))

    def ignored_by_git(folder: str, names: list[str]) -> set[str]:
        ignored = anywhere(folder, names)
        return ignored | at_the_top(folder, names) if Path(folder) == ROOT else ignored

    def left_out(folder: str, names: list[str]) -> set[str]:
        paths = {name: Path(folder, name).relative_to(ROOT).as_posix() for name in names}
        not_for_learners = {
            name
            for name, path in paths.items()
            if path in NOT_FOR_LEARNERS or is_for_teachers(path)
        }
        return ignored_by_git(folder, names) | not_for_learners

    try:
        shutil.copytree(ROOT, target, ignore=left_out)
    except shutil.Error as error:  # which names each file that can't be copied
        _source, _target, reason = error.args[0][0]
        raise OSError(reason) from error


def readme_text(system: str, python: str) -> str:
    """Return what to do on a computer of the class, in each language."""
    paths = [ROOT / "tools" / "offline.txt", *sorted(ROOT.glob("locales/*/offline.txt"))]
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in paths)
    if system == "windows":
        text = text.replace(".venv/bin/", ".venv\\Scripts\\").replace("python{", "py -{")
    return text.format(system=system, python=python)


@contextmanager
def made_anew(folder: Path) -> Iterator[Path]:
    """Give a path at which to make a folder, and then put it in the place of `folder`.

    OSError if a folder can't be moved, because a program of Windows has a file in it open. After
    any error, the one that was there before stays in its place.
    """
    folder.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as temporary:
        new_folder, earlier_folder = Path(temporary) / "new", Path(temporary) / "earlier"
        yield new_folder
        if folder.exists():
            folder.rename(earlier_folder)
        try:
            new_folder.rename(folder)
        except OSError:
            if earlier_folder.exists():
                earlier_folder.rename(folder)
            raise


def make_offline_folder(arguments: list[str] | None = None) -> None:
    """Make the folder anew; SystemExit says why the earlier one stays as it is."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.offline", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--platform", choices=PLATFORM_TAGS, help="default: that of this computer")
    this_version = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser.add_argument(
        "--python", choices=PYTHONS, default=this_version, help="default: that of this computer"
    )
    options = parser.parse_args(arguments)
    try:
        with made_anew(FOLDER) as new_folder:
            wheels = new_folder / "wheels"
            wheels.mkdir(parents=True)
            fetch_wheels(wheels, options.platform, options.python)
            copy_lesson(new_folder / "lesson")
            system = options.platform or platform.system().lower().replace("darwin", "macos")
            write_or_exit(new_folder / "READ_ME.txt", readme_text(system, options.python))
    except OSError as error:
        raise SystemExit(
            f"The folder can't be made ({error}). The command needs uv, and 2.5 GB of disk."
        ) from error
    print(f"Copy this folder to a stick or to each computer: {FOLDER}")
    print("Its READ_ME.txt says what to type on each computer.")
    print("Its folder lesson has no test, no keys, no quiz with its answers and no plans.")
    print("If you have put files of your own into the project, look through it.")


if __name__ == "__main__":
    start_command(make_offline_folder)
