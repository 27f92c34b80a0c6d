"""What happens before the first line of the lesson runs: uv, a fitting Python, an environment."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import uv

from helpers.common.files import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
(SUPPORTED,) = re.findall(r'^requires-python = "(.*)"$', PYPROJECT, re.M)


needs_make = pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="needs make")


@needs_make
def test_make_finds_a_fitting_python_or_one_sentence_says_what_to_do(tmp_path):
    """In a project that needs nothing else, with these programs on the path alone."""
    (programs := tmp_path / "tools").mkdir()
    (programs / "run.py").write_text("print('It runs.')")
    project = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "{SUPPORTED}"'
    (tmp_path / "pyproject.toml").write_text(project)
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("make", "env", "sh", "sed", "printf", "test", "uname"):
        (programs / name).symlink_to(shutil.which(name) or name)
    env = {"PATH": str(programs), "HOME": str(tmp_path)}
    env |= {"UV_PYTHON_DOWNLOADS": "never", "UV_OFFLINE": "1"}

    def make(*setting):
        command = ["make", "run", *setting]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        return done.stdout + done.stderr

    assert "Install uv (docs.astral.sh/uv says how), then type this again." in make()
    (programs / "uv").symlink_to(uv.find_uv_bin())
    assert "3.11 to 3.13, which uv finds or fetches" in make()
    python = programs / f"python3.{sys.version_info.minor}"
    python.symlink_to(os.path.realpath(sys.executable))
    assert "It runs." in make()
    assert make() == "It runs.\n"  # and nothing of setting up
    assert "PYTHON=python3.12 make run" in make("PYTHON=python3.9")


@needs_make
@pytest.mark.parametrize("language", [path.parent.name for path in ROOT.glob("locales/*/make.mk")])
def test_make_says_all_in_the_language_that_is_named_or_that_the_system_has(language, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "locales" / language, tmp_path / "locales" / language)
    (programs := tmp_path / "tools").mkdir()
    for name in ("make", "sh", "awk", "test"):
        (programs / name).symlink_to(shutil.which(name))

    def make(*arguments, **variables):
        """What make says where no program is but these, so that uv can't be fetched."""
        env = {"PATH": str(programs), **variables}
        command = ["make", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        return [line for line in (done.stdout + done.stderr).splitlines() if "***" not in line]

    for target in ("help", "uv"):
        english, translated = make(target), make(target, f"IN={language}")
        assert len(english) == len(translated) >= 2
        assert set(english).isdisjoint(translated)
        assert translated == make(target, LANG=f"{language}.UTF-8")
        assert translated == make(target, LC_ALL=f"{language}.UTF-8", LANG="en_US.UTF-8")
        assert english == make(target, LC_ALL="C", LANG=f"{language}.UTF-8")


@needs_make
def test_make_clean_keeps_the_answers_that_a_teacher_has_typed(tmp_path):
    (tmp_path / "build" / "site").mkdir(parents=True)
    (tmp_path / "build" / "quiz.csv").write_text("name,form\nAnn,A\n", encoding="utf-8")
    subprocess.run(["make", "-f", str(ROOT / "Makefile"), "clean"], cwd=tmp_path, check=True)
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["quiz.csv"]


def test_uv_installs_the_project_without_a_network_also_where_its_folder_is_new_or_moved(tmp_path):
    """A project that needs no other package; uv has never fetched anything here."""
    project, moved = tmp_path / "project", tmp_path / "moved"
    (project / "helpers" / "data").mkdir(parents=True)
    for name in ("README.md", "LICENSE", "helpers/__init__.py", "helpers/data/LICENSE"):
        (project / name).touch()
    alone = re.sub(r'^    "[\w-]+[>=]=.*\n|^pytorch = .*\n', "", PYPROJECT, flags=re.M)
    (project / "pyproject.toml").write_text(alone, encoding="utf-8")
    env = os.environ | {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "cache")}
    command = [uv.find_uv_bin(), "run", "--quiet", f"--python={sys.executable}", "python", "-c"]
    command.append("import helpers; print(helpers.__file__)")

    def run(folder):
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
        assert done.stdout.startswith(str(folder)), done.stderr

    run(project)
    (project / "pyproject.toml").write_text(alone + "\n", encoding="utf-8")  # an update
    run(project)
    run(project.rename(moved))


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git clone")
def test_the_lesson_is_one_file_of_the_size_that_readme_states():
    """A fork that has thrown parts away is smaller."""
    [stated] = re.findall(r"It is one file of (\d+) MB", (ROOT / "README.md").read_text("utf-8"))
    command = ["git", "-C", ROOT, "archive", "--format=zip", "HEAD"]
    megabytes = len(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) / 1e6
    assert round(megabytes) <= int(stated), f"README says {stated} MB, not {megabytes:.1f}"


@needs_make
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_parts_are_thrown_away_only_where_all_is_committed_and_what_is_not_is_named(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "throw_away", tmp_path / ".ci")
    (tmp_path / "mine.txt").write_text("mine")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    command = [".ci/throw_away", "site"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "Commit everything first" in refused.stderr and "?? mine.txt\n" in refused.stderr


@needs_make
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_what_an_update_brings_into_a_part_is_thrown_away_once_more(tmp_path):
    """As docs/maintain/own_copy.md says; the part's notebook is gone already."""

    def git(*arguments):
        author = ["-c", "user.name=Ann", "-c", "user.email=ann@school.example"]
        command = ["git", *author, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)

    def throw_away(*parts):
        command = [".ci/throw_away", *parts]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert "STDIN" not in done.stderr
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", "done")
        return done.returncode

    def add(*names):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("some text")
        git("add", "--all")
        git("commit", "--quiet", "--message", "add")

    git("init", "--quiet")
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "throw_away", tmp_path / ".ci")
    add("notebooks/extras/far.ipynb", "notebooks/extras/near.ipynb", "README.md", "a.zh-CN.md")
    for parts in (["far", "Chinese"], ["lessons", "Chinese"]):
        assert throw_away(*parts) == 0
        add("helpers/extras/far/new.py", "b.zh-CN.md")
        assert throw_away(*parts) == 0
        left = {"README.md", ".ci/throw_away"}
        left |= {"notebooks/extras/near.ipynb"} if parts[0] == "far" else set()
        assert set(git("ls-files").stdout.split()) == left
    assert throw_away("fra") == 1
