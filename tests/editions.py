"""A mark for tests of the Chinese edition, which a fork may have thrown away."""

import pytest

from helpers.common.language import translated_languages

REASON = "the Chinese edition isn't here"
needs_chinese = pytest.mark.skipif("zh_CN" not in translated_languages(), reason=REASON)
