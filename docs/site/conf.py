"""How Sphinx builds the site; tools/site.py makes the sources and calls it."""

from tools import address

project = html_title = "hello-mnist"
extensions = ["myst_nb"]
smartquotes = False  # the notebooks say what they mean, code among it
nb_execution_mode = "off"
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block"]

html_context = {"default_mode": "auto"}
html_theme = "sphinx_book_theme"
html_static_path = ["site.css", "print.js"]
html_css_files = ["site.css"]
html_js_files = ["print.js"]
html_favicon = "icon.svg"
html_sidebars = {"index": []}
html_use_index = html_copy_source = html_show_sourcelink = html_scaled_image_link = False
html_show_search_summary = False  # would fetch pages, which no browser allows from file://
html_theme_options = {
    "repository_url": f"https://github.com/{address.repository()}",
    "repository_branch": "main",
    "navbar_persistent": [],
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
