"""The contract of every kind of resource, on its own examples."""

import sys
import types

import pytest

from moderation import resources
from moderation.errors import BrokenPlugin

KINDS = tuple(resources.KINDS.values())
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
each_example = pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(kind, text, expected, id=f"{kind.KIND}-{number}")
        for kind in KINDS
        for number, (text, expected) in enumerate(kind.EXAMPLES)
    ],
)


def found_by(kind, text):
    return [each.canonical for each in resources.parse(text, text_digest=lambda words: words) if each.kind == kind.KIND]


@each_example
def test_a_kind_reads_its_examples_as_it_says(kind, text, expected):
    assert found_by(kind, text)[:1] == ([] if expected is None else [expected])


@each_kind
def test_a_kind_shows_what_it_takes_and_what_it_leaves(kind):
    assert len(kind.EXAMPLES) >= 6
    assert {expected is None for _, expected in kind.EXAMPLES} == {True, False}


@each_kind
def test_a_kind_says_what_it_is_called_and_who_is_told(kind):
    assert kind.LABEL
    assert kind.TOLD


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.KIND != "free_text"], ids=lambda kind: kind.KIND)
def test_a_kind_refuses_to_rebuild_what_is_not_its_canonical_form(kind):
    with pytest.raises(ValueError, match="canonical"):
        kind.restore("not one/of : ours")


def test_the_kinds_are_asked_from_the_narrowest_to_text():
    ours = (
        *("onion_service", "classified_ad", "social_account", "messaging", "app", "phone", "payment_handle"),
        *("domain", "web_page", "email", "wallet", "free_text"),
    )
    # Whoever adds a kind adds one file: where it comes among these is its own PRECEDENCE, and words stay last.
    assert [kind for kind in resources.KINDS if kind in ours] == list(ours)
    assert list(resources.KINDS)[-1] == resources.WORDS


def test_a_kind_without_its_contract_stops_the_start(tmp_path, monkeypatch):
    package = package_with(tmp_path, monkeypatch, "KIND = 'x'\nEXAMPLES = (('a', 'a'),)")
    with pytest.raises(BrokenPlugin, match="lacks LABEL, TOLD, PRECEDENCE, REACHES_A_PERSON, SHARES_ITS_HOST, find, restore"):
        resources.registry(package)


def package_with(folder, monkeypatch, source):
    """A package of kinds with one module of this source."""
    (folder / "broken.py").write_text(source)
    package = types.ModuleType("kinds_under_test")
    package.__path__ = [str(folder)]
    monkeypatch.setitem(sys.modules, "kinds_under_test", package)
    monkeypatch.delitem(sys.modules, "kinds_under_test.broken", raising=False)
    return package
