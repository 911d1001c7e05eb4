"""How tests are written: each file stands on its own, and what several of them need lies in a module that holds no test."""

import ast

import pytest

from tests.house.sources import stories, tree


def imported(body):
    """Every module, and every name of one, that this source imports."""
    for node in ast.walk(body):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{name.name}" for name in node.names)


def from_a_test_file(body):
    return {name for name in imported(body) if any(part.startswith("test_") for part in name.split("."))}


def test_no_test_file_is_imported():
    # pytest would run its fixtures and its parameters there too, and whoever changes a story would break another.
    assert {str(module): found for module in stories() if (found := from_a_test_file(tree(module)))} == {}


@pytest.mark.parametrize(
    "line",
    ["from tests.web.test_feed import ask", "from tests.web import test_feed", "import tests.web.test_feed", "from .test_feed import ask"],
)
def test_it_is_seen_however_it_is_imported(line):
    assert from_a_test_file(ast.parse(line))


def test_what_several_need_may_be_imported():
    assert from_a_test_file(ast.parse("from tests.web.feeds import ask\nimport pytest\nfrom moderation import webhooks")) == set()
