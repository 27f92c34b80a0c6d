"""What docs/teaching.md says of memory is on record, and the sections that it names exist."""

import json
import re

import nbformat

from helpers.files import ROOT
from tools.execute import four_notebooks
from tools.memory import MEMORY_FILE

FILE = ROOT / "docs" / "teaching.md"
TEXT = FILE.read_text(encoding="utf-8")


def test_its_numbers_are_those_on_record():
    record = json.loads(MEMORY_FILE.read_bytes())
    server = record["server_mb"]
    peaks = {name: notebook["peak_mb"] for name, notebook in record["notebooks"].items()}
    wanted = [f"| JupyterLab itself, for each learner | {server / 1000:.1f} GB |"]
    wanted += [f"| {name} | {peak / 1000:.1f} GB |" for name, peak in peaks.items()]
    most, sum_of_all = max(peaks.values()), sum(peaks.values())
    one, all_four = (60_000 // (server + kernels) for kernels in (most, sum_of_all))
    wanted += [f"holds {one} learners with one notebook open each, at worst, and {all_four} if"]
    assert [words for words in wanted if words not in TEXT] == []


def test_the_sections_that_it_names_exist():
    cells = [cell for path in four_notebooks() for cell in nbformat.read(path, as_version=4).cells]
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = set(re.findall(r"^## (.*)$", prose, re.MULTILINE))
    named = set(re.findall(r"\*([^*|\n]+)\*", TEXT))
    others = {"Kernel", "Shut Down All Kernels", "Deep Learning with Python"}
    assert len(named) > 20 and named - others - headings == set()


def test_its_links_lead_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert len(targets) > 8 and [one for one in targets if not (FILE.parent / one).exists()] == []
    assert "](docs/teaching.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
