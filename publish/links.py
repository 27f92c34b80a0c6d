"""Where things stand: the project's address, the files of a translation, headings, links."""

import os
import posixpath
import re
from collections.abc import Callable

from helpers.common.files import ROOT

# A link of Markdown: its text, which may hold a picture; the file; a place in it.
LINK = re.compile(r"\[((?:[^][]|\[[^][]*\])*)\]\(([\w./-]+)(#[\w-]+)?\)")
GITHUB_ADDRESS = re.compile(
    r'^Repository = "https://github\.com/([\w-]+/[\w.-]+?)/?"', re.MULTILINE
)


def github_repository() -> str:
    """Return the repository on GitHub, such as "owner/name", or "" if there is none.

    In a workflow, GitHub itself names it. Elsewhere, pyproject.toml does. Colab and Binder open
    only notebooks that are on GitHub.
    """
    match = GITHUB_ADDRESS.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    is_filled_in = match is not None and not match[1].startswith("OWNER/")
    return os.environ.get("GITHUB_REPOSITORY") or (match[1] if is_filled_in else "")


def heading_anchor(heading: str) -> str:
    """Return the anchor that GitHub and the site give a heading of Markdown, or its own."""
    explicit = re.search(r'<a id="([\w-]+)">', heading)
    if explicit:
        return explicit[1]
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def replace_link_targets(text: str, folder: str, lead: Callable[[str], str | None]) -> str:
    """Return Markdown of a file in `folder` with other targets of its links to files.

    `lead` gets each target as a path from the root, and returns another one. If it returns None,
    the link stays as it is. If it returns "", only the text of the link stays.
    """

    def replace_target(link: re.Match) -> str:
        target = lead(posixpath.normpath(posixpath.join(folder, link[2])))
        if target is None:
            return link[0]
        return f"[{link[1]}]({target}{link[3] or ''})" if target else link[1]

    return LINK.sub(replace_target, text)
