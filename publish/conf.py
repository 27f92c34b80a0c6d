"""How Sphinx builds the site; publish/site.py makes the sources and calls it."""

import re
from pathlib import Path

from sphinx.search.en import SearchEnglish

from helpers.language import name
from publish import address, translate

project = html_title = "hello-mnist"
extensions = ["myst_nb"]
suppress_warnings = ["toc.not_readable"]  # a fork may have thrown optional lessons away
smartquotes = False  # the notebooks say what they mean, code among it
nb_execution_mode = "off"
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block", "attrs_inline"]

html_context = {"default_mode": "auto"}
html_theme = "sphinx_book_theme"
templates_path = ["."]
html_static_path = ["site.css", "print.js"]
html_css_files = ["site.css"]
html_js_files = ["print.js", ("exercises.js", {"defer": "defer"})]
html_favicon = "icon.svg"
html_sidebars = {"index": []}
html_use_index = html_copy_source = html_show_sourcelink = html_scaled_image_link = False
html_show_search_summary = False  # would fetch pages, which no browser allows from file://
html_theme_options = {
    "repository_url": f"https://github.com/{address.repository()}",
    "repository_branch": "main",
    "navbar_persistent": [],
    "article_header_end": ["languages.html", "article-header-buttons.html"],
    "use_repository_button": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "footer_content_items": [],
    "secondary_sidebar_items": {"**": ["page-toc.html"], "index": []},
    "launch_buttons": {
        "colab_url": "https://colab.research.google.com",
        "binderhub_url": "https://mybinder.org",
        "notebook_interface": "jupyterlab",
    },
}


class Characters(SearchEnglish):
    """Finds Chinese by each character and each two in a row, so without a dictionary of words."""

    lang = "zh"
    js_splitter_code = r"""
        function splitQuery(query) {
          const parts = query.matchAll(/\w+|[一-鿿](?=([一-鿿])[一-鿿])|[一-鿿]{1,2}/g);
          return [...parts].map(([part, next = ""]) => part + next);
        }"""

    def split(self, text: str) -> list[str]:
        """Return the parts of a text that splitQuery may ask for."""
        return re.findall(r"[a-zA-Z0-9_]+|[一-鿿]", text) + re.findall(r"(?=([一-鿿]{2}))", text)


def lead(app, page, template, context, doctree) -> None:
    """Lead a page to its twins or the front pages in other languages, and to its own notebook."""
    here, sources = app.config.language, Path(app.srcdir).parent
    root = context["content_root"] + ("" if here == "en" else "../")
    context["languages"] = []
    for language in sorted({path.name for path in sources.iterdir()} - {here}):
        there = page == "search" or any(sources.glob(f"{language}/{page}.*"))
        folder = "" if language == "en" else f"{language}/"
        link = f"{root}{folder}{page if there else 'index'}.html"
        context["languages"].append((name(language), language.replace("_", "-"), link))
    path = str(app.env.doc2path(page, base=False))
    for group in context["header_buttons"] if here != "en" else []:
        for button in group.get("buttons", []):
            button["url"] = button["url"].replace(path, translate.place(path, here))


def setup(app) -> None:
    """Sphinx calls this."""
    app.add_search_language(Characters)
    app.connect("html-page-context", lead, priority=900)  # the theme's buttons are there
