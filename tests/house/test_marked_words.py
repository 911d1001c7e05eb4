"""What the rules call things is shown in the page's language: each act in the record has its words, each refusal is marked."""

import ast

from app.desk.words import LABELS
from moderation.errors import Refusal
from moderation.states import Action
from tests.house.sources import called, nodes

REFUSALS = {kind.__name__ for kind in Refusal.__subclasses__()}
SHOWN_BY_COMMANDS_ALONE = ("moderation/people.py", "moderation/consumers/adding.py", "moderation/partners/accreditation.py")
"""Whose refusals, of what an operator typed, are told in a terminal and never on a page."""


def recorded():
    """Every act that is written into the record, as the source names it."""
    for _, call in nodes(ast.Call):
        if called(call) in ("record", "row"):
            yield from (word.value.value for word in call.keywords if word.arg == "action" and isinstance(word.value, ast.Constant))


def test_every_act_in_the_record_has_words():
    acts = {*recorded(), *(f"case {action}" for action in Action), "case taken over", "case claimed"}
    assert len(acts) > 20
    assert {act for act in acts if f"action.{act}" not in LABELS} == set()


def test_no_refusal_that_reaches_a_page_is_put_together_from_parts():
    unmarked = [
        (module, call.lineno)
        for module, call in nodes(ast.Call)
        if called(call) in REFUSALS and call.args and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
        if module.startswith("moderation/") and module not in SHOWN_BY_COMMANDS_ALONE
    ]
    assert unmarked == []
