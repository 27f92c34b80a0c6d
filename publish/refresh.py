"""Execute committed notebooks in place, so that a diff shows only what has changed.

    python -m publish.refresh [01_load extras/better zh_CN ...]

Names are those of notebooks or of folders of them; --all stands for all, and without a name those
are executed that differ from the last commit. `make notebooks` calls this, with ONLY= or ALL=1.
A translated one is made anew of its source and the catalogue before, which needs the group
`publish`; the others need what the lesson needs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from helpers.files import ROOT
from tools import execute, write
from tools.execute import NOTEBOOKS, english_notebooks, lacks, own_metadata


def main(names: list[str]) -> int:
    """Refresh some notebooks; leave the first that fails as it is, and return 1."""
    chosen, english = choose(names, notebooks()), english_notebooks()
    translated = {} if {*chosen} <= {*english} else translations()
    for path in (path for path in chosen if path in [*english, *translated]):
        if path in english and (library := lacks(path)):
            print(f"{path} is left as it was: {library} is not installed.")
            continue
        text = translated.get(path) or path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as nothing_trained:
            path.parent.mkdir(parents=True, exist_ok=True)  # where the kernel starts
            artifacts = f"{nothing_trained}/artifacts"  # the name that a learner's folder has
            source = nbformat.reads(text, as_version=4)
            notebook, failure = execute.execute(path, source, HELLO_MNIST_ARTIFACTS=artifacts)
        if failure:
            print(f"\n{failure}\n\n{path} is left as it was.", file=sys.stderr)
            return 1
        write(path, execute.normal_text(notebook))
    return 0


def notebooks() -> dict[str, Path]:
    """Return the paths of all notebooks by their names, also of those that aren't made yet."""
    paths = english_notebooks()
    names = [path.relative_to(NOTEBOOKS) for path in paths if is_translated(path)]
    languages = sorted(path.name for path in ROOT.glob("locales/*") if path.is_dir())
    paths += [NOTEBOOKS / language / name for language in languages for name in names]
    return {path.relative_to(NOTEBOOKS).with_suffix("").as_posix(): path for path in paths}


def is_translated(path: Path) -> bool:
    """Is an English notebook one that other languages have as well?"""
    return own_metadata(path).get("translated", True)


def choose(names: list[str], known: dict[str, Path]) -> list[Path]:
    """Return the notebooks that are meant; SystemExit says what can be named."""
    if names == ["--all"]:
        return [*known.values()]
    short = (name.removeprefix("notebooks/").removesuffix(".ipynb") for name in names)
    wanted = tuple(f"{name}/" for name in short)
    for name in wanted:
        if not any(f"{other}/".startswith(name) for other in known):
            all_names = ", ".join(known)
            raise SystemExit(f"No notebook is called {name[:-1]}; there are {all_names}.")
    if names:
        return [path for name, path in known.items() if f"{name}/".startswith(wanted)]
    how = f"ONLY=01_load executes this one, ALL=1 all {len(known)}, in about 15 minutes."
    try:
        changed = {name: path for name, path in known.items() if differs(path)}
    except (OSError, subprocess.CalledProcessError):
        raise SystemExit(f"Without git, nobody knows what has changed. {how}") from None
    print(f"Differing from the last commit: {', '.join(changed) or 'no notebook'}. {how}")
    return [*changed.values()]


def differs(path: Path) -> bool:
    """Does git say that a file differs from the last commit? An error where there is no git."""
    command = ["git", "status", "--porcelain", "--", path]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout != b""


def translations() -> dict[Path, str]:
    """Bring the catalogues up to date; return the translated notebooks' texts by their files."""
    try:
        from publish import translate
    except ModuleNotFoundError as error:
        print(f"Only the English notebooks: {error}; `uv sync --group publish` brings all of it.")
        return {}
    translate.main()
    return translate.made()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
