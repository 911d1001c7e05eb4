"""How modules are written: what each opens with, what the schema never does by itself, and where each number of policy comes from."""

import ast
import re
from pathlib import Path

import pytest

from moderation import models, policy
from moderation.models import Base
from tests.house.sources import CHECKOUT, called, modules, nodes, tree

POLICY = sorted(module for module in modules() if module.parent == Path("moderation/policy") and module.name != "__init__.py")

RULES = sorted(
    module for module in modules() if module.parts[0] == "moderation" and module.parts[1] not in ("policy", "resources", "formats")
)
"""The rooms whose numbers are ours: what a kind of resource or a format looks like, others have laid down."""

MACHINERY = re.compile(r"BATCH|CHUNK|STREAM|(EXPIRE_)?AT_ONCE|[A-Z]+_LOCK|_?DAY|_?HOUR|_NONE")
"""What the machine needs: rows of one statement, names of locks; and units of time."""

OTHERS_NUMBERS = {
    "address._NAME_LIMIT",
    "addresses.IPV4_IN_IPV6",
    "coverage._LOOKUP_FOLDERS",
    "coverage._LOOKUP_LABELS",
    "transfer_keys.DNS_PORT",
    "transfer_keys.HIGHEST_PORT",
    # How words are read, and how long a line of JSON is.
    "_cues._WHOLE_UP_TO",
    "removals.ENTRY_ROOM",
}
"""Numbers of DNS, IP, Safe Browsing and of languages: no rule of ours could change them."""


def named_values(module):
    """Each name that a module gives to a value, with the value as it is written."""
    for node in module.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                yield ast.unparse(target), node.value


def is_number(node):
    """Whether this is a number, a span of time or some of them, written out."""
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.UnaryOp):
        return is_number(node.operand)
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts) and all(map(is_number, node.elts))
    is_span = isinstance(node, ast.Call) and called(node) in ("timedelta", "range")
    return is_span and all(map(is_number, [*node.args, *(keyword.value for keyword in node.keywords)]))


def constants():
    """Every constant of policy with the words that explain it: a text right below it, or below the block it stands in."""
    for module in POLICY:
        body, lines = tree(module).body, (CHECKOUT / module).read_text(encoding="utf-8").splitlines()
        for number, node in enumerate(body):
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                yield ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0]), _explained(body, number, lines)


def _explained(body, number, lines):
    for before, after in zip(body[number:], body[number + 1 :], strict=False):
        if not lines[before.end_lineno].strip():
            return ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return str(after.value.value)
    return ""


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_opens_with_its_job_in_one_line(module):
    words = ast.get_docstring(tree(module)) or ""
    first, _, rest = words.partition("\n")
    assert first.endswith(".")
    assert not rest or rest.startswith("\n")


@pytest.mark.parametrize(("name", "words"), list(constants()))
def test_a_number_of_policy_has_its_source_or_is_marked_as_our_own(name, words):
    assert "†" in words or re.search(r"\(.+\)", words)


def test_numbers_of_policy_are_constants_and_not_variables():
    body = [node for module in POLICY for node in tree(module).body]
    assert [ast.unparse(node) for node in body if isinstance(node, ast.Assign)] == []
    assert {ast.unparse(node.annotation) for node in body if isinstance(node, ast.AnnAssign)} == {"Final"}


def test_policy_finds_every_number_whatever_file_it_lies_in():
    assert {name for name, _ in constants()} == {name for name in vars(policy) if name.isupper()}


@pytest.mark.parametrize("module", RULES, ids=str)
def test_no_number_of_a_rule_lies_outside_policy(module):
    found = {name for name, value in named_values(tree(module)) if is_number(value)}
    assert {name for name in found if not MACHINERY.fullmatch(name) and f"{module.stem}.{name}" not in OTHERS_NUMBERS} == set()


def test_no_query_is_bounded_by_a_bare_number():
    # One row is a shape of the answer; any other number is somebody's choice.
    bare = {
        (module, ast.unparse(call))
        for module, call in nodes(ast.Call)
        if called(call) == "limit" and any(is_number(part) and ast.unparse(part) != "1" for part in call.args)
    }
    assert {each for each in bare if each[0].startswith("moderation/")} == set()


@pytest.mark.parametrize("text", ["100", "-40", "5_000 // 2", "timedelta(days=7)", "range(5)", "(14, 30)", "7 * timedelta(hours=1)"])
def test_a_number_is_known_however_it_is_written(text):
    assert is_number(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize("text", ["'100'", "policy.SHOWN", "AT - timedelta(hours=5)", "policy.NOTICE_WAIT // timedelta(hours=1)", "()"])
def test_what_is_worked_out_from_something_else_is_no_number_of_its_own(text):
    assert not is_number(ast.parse(text, mode="eval").body)


def test_no_relationship_asks_the_database_by_itself():
    eager = [str(each) for mapper in Base.registry.mappers for each in mapper.relationships if each.lazy != "raise_on_sql"]
    assert eager == []
    assert any(mapper.relationships for mapper in Base.registry.mappers)


def test_every_table_is_among_the_models():
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} == set(models.__all__) - {"Base"}


def test_every_time_knows_its_zone_and_every_key_is_wide_enough():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if str(column.type) == "DATETIME" and not column.type.timezone] == []
    assert [str(column) for column in columns if column.primary_key and str(column.type) == "INTEGER"] == []


def test_the_rules_have_no_clock_and_no_chance():
    asked = {
        (module, ast.unparse(call.func))
        for module, call in nodes(ast.Call)
        if module.startswith("moderation/") and called(call) in ("now", "utcnow", "today", "uuid4", "uuid1", "monotonic", "perf_counter")
    }
    brought = {
        (module, name.name)
        for module, node in nodes(ast.Import)
        for name in node.names
        if module.startswith("moderation/") and name.name in ("random", "secrets", "time", "socket", "requests", "urllib3", "http")
    }
    assert asked | brought == set()


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "data", "process", "common", "misc"])
def test_no_module_is_named_by_a_word_that_says_nothing(word):
    assert [str(module) for module in modules() if word in module.stem.split("_")] == []


def test_no_suspect_and_no_ban_in_names():
    named = {(module, node.name) for kind in (ast.FunctionDef, ast.ClassDef) for module, node in nodes(kind)}
    assert {each for each in named if re.search(r"(?i)suspect|victim|blacklist|banned", each[1])} == set()


def test_nothing_is_caught_only_to_be_raised_again():
    # What must pass is not caught: where the desk lets one refusal through among others, `acts.tried` does it for all.
    idle = {(module, handler.lineno) for module, handler in nodes(ast.ExceptHandler) if list(map(ast.unparse, handler.body)) == ["raise"]}
    assert idle == set()
