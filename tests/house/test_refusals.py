"""Every refusal has one status, and the person refused gets its sentence."""

import ast
import inspect

import pytest

from app import audience
from app.errors import STATUS
from moderation import errors
from moderation.errors import InvalidAnswer, Refusal, TooManyResources
from tests.house.sources import nodes
from tests.web.visitors import one_app

SENTENCE = "Ask again tomorrow."


def below(refusal):
    """All that inherit from a refusal, however far."""
    return set().union(*({child} | below(child) for child in refusal.__subclasses__()))


REFUSALS = sorted(below(Refusal), key=lambda refusal: refusal.__name__)
each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)


def made(refusal):
    """One of this class; two are made of more than a sentence."""
    if refusal is InvalidAnswer:
        return InvalidAnswer({"field": SENTENCE})
    if refusal is TooManyResources:
        return TooManyResources(SENTENCE, found=101, allowed=100)
    return refusal(SENTENCE)


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    """The application, with a page that refuses whatever its address names."""

    @audience.audience(audience.PUBLIC)
    def refuse(name):
        raise made(getattr(errors, name))

    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        app.add_url_rule("/refuse/<name>", "refuse", refuse)
        yield app


@each_refusal
def test_a_refusal_has_a_status(refusal):
    assert refusal in STATUS


def test_no_status_is_kept_for_a_refusal_that_is_gone():
    assert set(STATUS) - set(REFUSALS) == set()


@each_refusal
def test_a_refusal_blames_what_was_asked_and_never_the_server(refusal):
    assert 400 <= STATUS[refusal] < 500


@each_refusal
def test_a_refusal_lives_among_the_others_and_says_when_it_is_meant(refusal):
    assert refusal.__module__ == errors.__name__
    assert inspect.getdoc(refusal).endswith(".")


@each_refusal
def test_a_refusal_is_raised_somewhere(refusal):
    named = {module for module, name in nodes(ast.Name) if name.id == refusal.__name__ and module.startswith("moderation/")}
    assert named - {"moderation/errors.py"}


@each_refusal
def test_who_is_refused_gets_the_status_and_the_sentence(app, refusal):
    answer = app.test_client().get(f"/refuse/{refusal.__name__}")
    assert answer.status_code == STATUS[refusal]
    assert str(made(refusal)) in answer.text


def test_a_program_is_refused_in_a_form_that_it_can_read(app):
    answer = app.test_client().get("/refuse/Stale", headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {"type": "about:blank", "title": "Conflict", "status": 409, "detail": SENTENCE}
