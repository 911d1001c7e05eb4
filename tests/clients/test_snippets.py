"""The snippets that the tests run are the ones that people copy."""

import pytest

from config import CHECKOUT
from tests.clients.network import SNIPPETS

DOCUMENTED = (CHECKOUT / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("snippet", sorted(path.name for path in SNIPPETS.iterdir()))
def test_the_documentation_shows_the_snippet_as_it_is_run(snippet):
    lines = (SNIPPETS / snippet).read_text(encoding="utf-8").splitlines()
    assert "\n".join(f"    {line}" if line else "" for line in lines) in DOCUMENTED
