"""One place commits, one moves a case, one begins and ends listings: read from the source itself."""

import ast

import pytest

from tests.house.sources import CHECKOUT, ROOMS, called, nodes

COMMITS = {"app/database.py"}
MOVES_CASES = {"moderation/cases.py"}
WRITES_LISTINGS = {"moderation/listings.py"}
RULES = "moderation/"


def calls(*names):
    """The modules that call something by one of these names."""
    return {module for module, call in nodes(ast.Call) if called(call) in names}


def written(column):
    """The modules that set this attribute of anything but themselves, by assignment, `setattr` or `.values(...)`."""
    assigned = {
        module
        for module, node in nodes(ast.Attribute)
        if node.attr == column and isinstance(node.ctx, ast.Store) and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    }
    named = {
        module
        for module, call in nodes(ast.Call)
        if (called(call) == "setattr" and any(isinstance(part, ast.Constant) and part.value == column for part in call.args))
        or (called(call) == "values" and any(keyword.arg == column for keyword in call.keywords))
    }
    return {module for module in assigned | named if module.startswith(RULES)}


def made(model):
    """The modules that construct a row of this model, or insert, update or delete its table."""
    constructed = calls(model)
    statements = {
        module
        for module, call in nodes(ast.Call)
        if called(call) in ("insert", "insert_or", "update", "delete")
        and any(isinstance(part, ast.Name) and part.id == model for part in call.args)
    }
    return {module for module in constructed | statements if module.startswith(RULES)}


def test_one_place_commits():
    assert calls("commit") == COMMITS


def test_no_connection_commits_behind_its_back():
    begun = {
        module
        for module, call in nodes(ast.Call)
        if called(call) == "begin" and not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "listings")
    }
    assert {module for module in begun if module.startswith((RULES, "app/"))} == set()


def test_one_place_writes_the_state_of_a_case():
    assert written("state") == MOVES_CASES


def test_one_place_opens_cases():
    assert made("Case") == MOVES_CASES


@pytest.mark.parametrize("column", ["ended_at", "ended_because"])
def test_one_place_ends_listings(column):
    # Sign-ins and webhooks end too, and have a column of the same name.
    others = {
        "moderation/people.py",
        "moderation/consumers/closing.py",
        "moderation/consumers/entering.py",
        "moderation/webhooks/addresses.py",
    }
    assert written(column) - others == WRITES_LISTINGS


def test_one_place_begins_listings():
    assert calls("Listing") == WRITES_LISTINGS


def test_nothing_in_the_rules_deletes_but_what_is_kept_for_a_time():
    deletes = {module for module, call in nodes(ast.Call) if called(call) == "delete" and module.startswith(RULES)}
    assert deletes == {
        # Sign-ins of engineers, and applications that were declined.
        "moderation/consumers/applying.py",
        "moderation/consumers/entering.py",
        "moderation/partners/requests.py",
        "moderation/partners/uploads.py",
        # Notes of where claims found the first free case: of no use after ten minutes, and no case hangs on them.
        "moderation/queue/noting.py",
        "moderation/retention.py",
        "moderation/shredding.py",
        "moderation/webhooks/delivering.py",
    }


def test_no_text_of_sql_commits():
    texts = {module for module, node in nodes(ast.Constant) if isinstance(node.value, str) and node.value.strip(" \n;").upper() == "COMMIT"}
    assert {module for module in texts if module.startswith((RULES, "app/"))} == set()


def test_the_source_that_was_read_is_the_whole_of_it():
    rooms = {init.parent.name for init in CHECKOUT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= set(ROOMS)
