"""What is printed has the same HTML: a page of its own, and a part of a file with many pages."""

from pathlib import Path

from jinja2 import Template

from helpers.common.files import ROOT
from tools.pages import mend_empty_headers, render_markdown

STYLES = (ROOT / "tools" / "formulas.css", Path(__file__).with_name("handouts.css"))


def render_body(markdown: str) -> str:
    """Return the HTML of the Markdown of a page to print."""
    return mend_empty_headers(render_markdown(markdown))


def is_lesson_plan(name: str) -> bool:
    """Is it a page with a plan or a letter, by the name of its file? These have small type."""
    return name.startswith(("lesson_", "one_hour", "parents"))


def render_page(title: str, body: str, language: str, is_plan: bool = False) -> str:
    """Return a whole page that loads nothing; `language` is as HTML has it, such as zh-CN."""
    template = Path(__file__).with_name("handouts.jinja").read_text(encoding="utf-8")
    return Template(template).render(
        title=title,
        style="".join(path.read_text(encoding="utf-8") for path in STYLES),
        body=body,
        language=language,
        is_lesson_plan=is_plan,
    )
