"""Where the project is on GitHub."""

import pytest

from publish import links


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ('Repository = "https://github.com/OWNER/any-name"', ""),  # which nobody has filled in
        ('Repository = "https://github.com/a-school/digits_2.0/"', "a-school/digits_2.0"),
        ('Repository = "https://gitlab.com/a-school/classes/digits"', ""),
        ('Repository = "https://gitee.com/a-school/digits"', ""),
        ("", ""),
    ],
)
def test_only_an_address_on_github_is_linked_to(tmp_path, monkeypatch, address, repository):
    monkeypatch.setattr(links, "ROOT", tmp_path)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    (tmp_path / "pyproject.toml").write_text(f"[project.urls]\n{address}\n")
    assert links.github_repository() == repository
