"""Scripts of several files become one text, and the rooms of helpers/page have front doors."""

import re
from graphlib import TopologicalSorter

import pytest

from helpers.common.files import ROOT
from helpers.common.language import use_language
from helpers.widgets import scripts
from tests.editions import needs_chinese

ROOMS = sorted(path.parent.name for path in scripts.FOLDER.glob("*/*.js"))
PATHS = [
    path
    for folder in ("helpers", "publish/site")
    for path in sorted((ROOT / folder).rglob("*.js"))
    if path.name != scripts.INDEX_MODULE
]


def imports_of(path):
    """Yield the file from which a module imports, and the names."""
    for names, target in scripts.IMPORT.findall(path.read_text("utf-8")):
        yield (path.parent / target).resolve(), set(re.findall(r"\w+", names))


def front_door(room):
    """Return the names that modules of other rooms may import."""
    return set().union(*(names for _file, names in imports_of(room / scripts.INDEX_MODULE)))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_from_another_room_what_its_front_door_names(path):
    for file, names in imports_of(path):
        if file.is_relative_to(scripts.FOLDER) and file.parent != path.parent:
            assert file.name == scripts.INDEX_MODULE
            assert names <= front_door(file.parent)


def test_no_room_imports_from_a_room_that_imports_from_it():
    edges = {room: set() for room in ROOMS}
    for path in scripts.FOLDER.glob("*/*.js"):
        rooms = {file.parent.name for file, _names in imports_of(path)}
        edges[path.parent.name] |= rooms - {path.parent.name}
    order = [*TopologicalSorter(edges).static_order()]  # a circle raises CycleError
    assert order.index("elements") < order.index("pad") < order.index("training")


def test_a_front_door_adds_only_the_modules_from_which_a_name_is_imported(tmp_path):
    text = 'export { a } from "./a.js";\nexport { b } from "./b.js";\n'
    (tmp_path / "index.js").write_text(text, "utf-8")
    (tmp_path / "a.js").write_text("export const a = 1;\n", "utf-8")
    (tmp_path / "b.js").write_text("export const b = 2;\n", "utf-8")
    (tmp_path / "page.js").write_text('import { a } from "./index.js";\nuse(a);\n', "utf-8")
    text = scripts.bundle(tmp_path / "page.js")
    assert text == "const a = 1;\nuse(a);\n"


def test_comments_stay_behind_and_code_does_not(tmp_path):
    code = 'const site = "https://a.b // c";\nconst half = 4 / 2 /** 1 */ * 3;\n'
    code += "const text = `a'b // ${c}`;\n"
    comments = "// one\n/** two */\n  // three\n/**\n * four: `a` {b}\n */\n"
    remarked = code.replace(";\n", '; // it\'s a "remark"\n')
    (tmp_path / "page.js").write_text(comments + remarked + comments, "utf-8")
    assert scripts.bundle(tmp_path / "page.js") == code


def test_what_indents_a_line_stays_behind_and_no_string_goes_on_in_a_second_line(tmp_path):
    (tmp_path / "page.js").write_text("if (a) {\n  // why\n  use(`  ${a}`);\n}\n", "utf-8")
    text = scripts.bundle(tmp_path / "page.js")
    assert text == "if (a) {\nuse(`  ${a}`);\n}\n"
    for path in scripts.FOLDER.glob("*/*.js"):
        code = scripts.COMMENT.sub("", path.read_text("utf-8"))
        assert not [line for line in code.splitlines() if line.count("`") % 2], path


IMPORT_JSON = 'import LIMITS from "./limits.json" with { type: "json" };\n'


def test_a_file_of_json_becomes_one_constant_however_many_modules_import_it(tmp_path):
    (tmp_path / "limits.json").write_text('{\n  "most": 3\n}\n', "utf-8")
    (tmp_path / "a.js").write_text(f"{IMPORT_JSON}export const a = LIMITS.most;\n", "utf-8")
    page = f'import {{ a }} from "./a.js";\n{IMPORT_JSON}use(a, LIMITS);\n'
    (tmp_path / "page.js").write_text(page, "utf-8")
    wanted = 'const LIMITS = {"most": 3};\nconst a = LIMITS.most;\nuse(a, LIMITS);\n'
    assert scripts.bundle(tmp_path / "page.js") == wanted


def test_two_names_for_a_file_of_json_are_an_error_that_says_the_one_to_use(tmp_path):
    (tmp_path / "limits.json").write_text("{}", "utf-8")
    text = IMPORT_JSON.replace("LIMITS", "BOUNDS")
    (tmp_path / "page.js").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"limits\.json: a bundle calls it LIMITS, not BOUNDS"):
        scripts.bundle(tmp_path / "page.js")


@pytest.mark.parametrize(
    "line", ['import { a as b } from "./a.js";', 'import "./a.js";', 'import a from "./a.js";']
)
def test_an_import_that_the_bundle_would_lose_is_an_error_that_names_it(tmp_path, line):
    (tmp_path / "a.js").write_text("export const a = 1;\n", "utf-8")
    (tmp_path / "page.js").write_text(f"{line}\nuse(b);\n", "utf-8")
    with pytest.raises(ValueError, match=rf"page\.js: .*{re.escape(line)}"):
        scripts.bundle(tmp_path / "page.js")


@needs_chinese
def test_a_template_becomes_a_string_of_its_html_in_the_language_in_use(tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    html = '{# The pad #}<p title="{{ _("Undo") }}">{{ _("it\'s") }}</p></script>'
    (tmp_path / "pad.jinja").write_text(html, "utf-8")
    (tmp_path / "page.js").write_text('show(htmlOf("pad.jinja"));\n', "utf-8")
    with use_language("zh_CN"):
        last_line = scripts.bundle("page.js").splitlines()[-1]
    assert last_line == r"""show("<p title=\"撤销\">it&#39;s<\/p><\/script>");"""
