"""How Sphinx builds the site; __main__.py makes the sources and calls it."""

import json
import re
from html import unescape
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx.util.images import get_image_size

from helpers.common.language import LazyMessage, _, use_language
from publish import links, translate
from tools.formulas import to_mathml
from tools.pages import mend_empty_headers

REPOSITORY = links.github_repository()
project = html_title = "hello-mnist"
extensions = ["myst_nb"]
suppress_warnings = ["toc.not_readable"]  # some pages are in English alone
smartquotes = False  # the notebooks say what they mean, code among it
nb_execution_mode = "off"
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block", "attrs_inline", "dollarmath"]

html_context = {"default_mode": "auto"}
html_theme = "sphinx_book_theme"
templates_path = ["."]
html_static_path = ["site.css", "icons.css", "print.js", "../../tools/formulas.css"]
html_css_files = ["site.css", "icons.css", "live.css", "formulas.css"]
html_js_files = ["print.js", "page.js", "live.js"]
html_favicon = "icon.svg"
html_sidebars = {"index": []}
html_use_index = html_copy_source = html_show_sourcelink = html_scaled_image_link = False
html_additional_pages = {"search": "search.html"}  # which search.js fills
html_theme_options = {
    "repository_url": REPOSITORY and f"https://github.com/{REPOSITORY}",
    "navbar_persistent": [],
    "article_header_end": ["languages.html", "article-header-buttons.html"],
    "use_repository_button": bool(REPOSITORY),
    "use_download_button": False,
    "use_fullscreen_button": False,
    "footer_content_items": [],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": {"**": ["page-toc.html"], "index": []},
}
# They mark the words of a search in a page, lead from page to page by keys, and hold options.
SPHINX_SCRIPTS = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
SPHINX_SCRIPTS.add("translations.js")  # of what these scripts say
# What the theme says on a page, and has no Chinese words for.
THEME_TEXTS = [LazyMessage("Toggle primary sidebar"), LazyMessage("Toggle secondary sidebar")]
THEME_TEXTS += [LazyMessage("Color mode"), LazyMessage("System Settings"), LazyMessage("Main")]
sections = []
# The titles of the sections whose parts a search doesn't lead to.
SOLUTIONS = {"Solutions"}
for language_name in translate.languages():
    # A language that somebody has just begun has no translation of it yet.
    SOLUTIONS.add(translate.translations(language_name).get("Solutions", "Solutions"))


def show_formula(translator, node) -> None:
    """Write a formula as MathML, for which a page needs no script."""
    if isinstance(node, nodes.math_block):
        translator.body.append(f"<p>{to_mathml(node.astext(), 'block')}</p>")
    else:
        translator.body.append(to_mathml(node.astext()))
    raise nodes.SkipNode


def search_text(text: nodes.Text) -> str:
    """Return a text as the search shows it: a formula without its LaTeX, code not at all."""
    if isinstance(text.parent, (nodes.raw, nodes.math_block)):
        return ""
    if isinstance(text.parent, nodes.math):
        mathml = to_mathml(text).replace("<mspace", " <mspace")
        return unescape(re.sub("<.*?>", "", mathml))
    return text


def block_of(node: nodes.Node) -> nodes.Node:
    """Return the paragraph, or another block, in which a text stands."""
    while isinstance(node, (nodes.Text, nodes.Inline)):
        node = node.parent
    return node


def note_sections(app, page, template, context, doctree) -> None:
    """Note the text of each section of a page, for the search."""
    for section in doctree.findall(nodes.section) if doctree else ():
        if section.parent.next_node(nodes.title).astext() in SOLUTIONS:
            continue  # a search leads to no solution
        title, *children = (node for node in section if not isinstance(node, nodes.section))
        texts = [text for child in children for text in child.findall(nodes.Text)]
        # A word in bold, or a link, may stand before a point: only between blocks there is a space.
        blocks = ["".join(map(search_text, block)) for _node, block in groupby(texts, block_of)]
        words = " ".join(blocks).split()
        terms = " ".join(text for text in texts if isinstance(text.parent, nodes.strong))
        anchor = section["ids"][0]
        sections.append([page, anchor, title.astext(), terms, " ".join(words)])


def write_sections(app, error) -> None:
    """Write what search.js reads: page, anchor, title, what is in bold, and the text.

    Sphinx's own search finds whole pages, and in Chinese nothing.
    """
    text = f"window.sections = {json.dumps(sections, ensure_ascii=False)};\n"
    Path(app.outdir, "_static", "sections.js").write_text(text, encoding="utf-8")


def lead_to_twins(app, page, template, context, doctree) -> None:
    """Lead a page to its twins in other languages.

    A page that one language alone has leads to the front page.
    """
    sources = Path(app.srcdir).parent
    other_languages = {path.name for path in sources.iterdir()} - {app.config.language}
    context["twins"] = []
    for language in sorted(other_languages):
        has_twin = page == "search" or any(sources.glob(f"{language}/{page}.*"))
        with use_language(language):
            name = _("English")  # the language's own, as that is translated
        context["twins"].append((language, name, page if has_twin else "index"))


def mend_markup(app, page, template, context, doctree) -> None:
    """Take away what docutils and MyST-NB write and a page is better without."""
    # The name of a fold is the text that it shows, because people who speak to a computer say it.
    other_name = ' aria-label="Toggle hidden content"'
    body = context.get("body", "").replace(other_name, "")
    context["body"] = mend_empty_headers(body)


def name_search(app, config) -> None:
    """Say what the field of the search is for, in the language of the pages."""
    with use_language(config.language):
        config.html_theme_options["search_bar_text"] = _("Search...")


def translate_theme(app, page, template, context, doctree) -> None:
    """Give layout.html a function that translates what the theme has written.

    These texts are the names and hints of elements, and the words behind an icon.
    """

    def translate_texts(html: str) -> str:
        with use_language(app.config.language):
            for text in THEME_TEXTS:
                html = html.replace(f'"{text.message}"', f'"{text}"')
                html = html.replace(f"</i>{text.message}<", f"</i>{text}<")
        return html

    context["translate_texts"] = translate_texts


def defer_images(app, doctree, page) -> None:
    """Let a browser load each image when a reader comes near, and say its size before.

    Nothing on the page moves when the image arrives.
    """
    for image in doctree.findall(nodes.image):
        width, height = get_image_size(Path(app.srcdir, image["uri"]))
        shown_width, _unit = nodes.parse_measure(image.get("width", str(width)))
        image["width"] = str(shown_width)
        image["height"] = str(round(height * shown_width / width))
        image["loading"] = "lazy"


def defer_scripts(app, page, template, context, doctree) -> None:
    """Let a page load its scripts after its text, and only those that it needs."""
    unneeded = set(SPHINX_SCRIPTS)
    if "data-live=" not in context.get("body", ""):
        unneeded.add("live.js")
    scripts = [script for script in context["script_files"] if script.filename]
    scripts = [script for script in scripts if Path(script.filename).name not in unneeded]
    for script in scripts:
        script.attributes["defer"] = "defer"
    context["script_files"] = scripts


def setup(app) -> None:
    """Sphinx calls this."""
    app.add_html_math_renderer("mathml", (show_formula, None), (show_formula, None))
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
    app.connect("config-inited", name_search)
    app.connect("doctree-resolved", defer_images)
    app.connect("html-page-context", note_sections)
    app.connect("html-page-context", lead_to_twins)
    app.connect("html-page-context", mend_markup)
    app.connect("html-page-context", translate_theme)
    # After all others have added theirs.
    app.connect("html-page-context", defer_scripts, priority=1000)
    app.connect("build-finished", write_sections)
