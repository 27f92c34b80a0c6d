"""Make build/offline/, a folder from which a class without a network installs the lesson.

    python -m tools.offline [--platform windows] [--python 3.12]

It holds the lesson as it is here, with what you have changed or added, wheels for one system and
one version of Python, and READ_ME.txt with the commands for the computers of the class. uv, and
pip by it, fetch the wheels.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.files import ROOT, write_or_exit

FOLDER = ROOT / "build" / "offline"
UV = os.environ.get("UV", "uv")  # where `uv run` or make has found it
PYTHONS = ["3.11", "3.12", "3.13"]
TAGS = {"windows": "win_amd64", "macos": "macosx_14_0_arm64"}  # pip's names of uv's systems
TAGS["linux"] = "manylinux_2_28_x86_64 manylinux_2_27_x86_64 manylinux2014_x86_64"


def fetch_wheels(target: Path, system: str | None, python: str) -> None:
    """Fetch wheels of all that the lesson needs, and of uv_build, with which pip installs it.

    Some packages are pinned to other versions in the first releases of a Python, such as 3.11.2,
    than in later ones. Nobody knows which release a class has, so both versions are fetched.
    """
    here, pins = f"--python={sys.executable}", str(target / "requirements.txt")
    for release in (f"{python}.0", f"{python}.99"):
        wanted = [here, "--only-binary=:all:", f"--python-version={release}"]
        choose = ["pip", "compile", *wanted, "-q", "--no-header", "pyproject.toml", "-", "-o", pins]
        fetch = ["tool", "run", here, "pip", "download", *wanted[1:], "--no-deps", "-r", pins]
        if system:
            choose.append(f"--python-platform={system}")
            fetch += [f"--platform={tag}" for tag in TAGS[system].split()]
        for step in (choose, [*fetch, f"--dest={target}"]):
            if subprocess.run([UV, *step], cwd=ROOT, input=b"uv_build<2").returncode:
                needs = "the internet, 2.5 GB of disk, and wheels for this system and Python"
                raise SystemExit(f"Fetching the wheels failed: see above. It needs {needs}.")


def copy_lesson(target: Path) -> None:
    """Copy all files as they are here, but for those that git would ignore."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("/", "").split("\n")
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".git", *ignored))


def read_me(system: str, python: str) -> str:
    """Return what to do on a computer of the class, in each language."""
    paths = [ROOT / "tools" / "offline.txt", *sorted(ROOT.glob("locales/*/offline.txt"))]
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in paths)
    if system == "windows":
        text = text.replace(".venv/bin/", ".venv\\Scripts\\").replace("python{", "py -{")
    return text.format(system=system, python=python)


def main(arguments: list[str] | None = None) -> None:
    """Make the folder anew; SystemExit says why the one before stays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", choices=TAGS, help="default: that of this computer")
    parser.add_argument("--python", choices=PYTHONS, default="{}.{}".format(*sys.version_info))
    options = parser.parse_args(arguments)
    try:
        FOLDER.parent.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=FOLDER.parent) as temporary:
            (wheels := Path(temporary) / "new" / "wheels").mkdir(parents=True)
            fetch_wheels(wheels, options.platform, options.python)
            copy_lesson(wheels.with_name("lesson"))
            system = options.platform or platform.system().lower().replace("darwin", "macos")
            write_or_exit(wheels.with_name("READ_ME.txt"), read_me(system, options.python))
            shutil.rmtree(FOLDER, ignore_errors=True)
            wheels.parent.rename(FOLDER)
    except OSError as error:
        raise SystemExit(f"This needs uv, and a disk to write to: {error}") from error
    print(f"Take this folder along; its READ_ME.txt says what to type: {FOLDER}")
    print("Its folder lesson has all your files of the project: delete what isn't for the class.")


if __name__ == "__main__":
    main()
