"""People whom many stories are about."""

import pytest

from moderation.vocabulary import Actor, Role
from tests import builders


@pytest.fixture
def first(session):
    """What went through the desk's seats, for `held.more` to copy."""
    return builders.listed(session, "https://first.test/offer")


@pytest.fixture
def amira(session) -> Actor:
    return builders.person(session, name="Amira")


@pytest.fixture
def luis(session) -> Actor:
    return builders.person(session, name="Luis")


@pytest.fixture
def dora(session) -> Actor:
    return builders.person(session, Role.SENIOR, name="Dora")
