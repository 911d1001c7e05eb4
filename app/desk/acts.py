"""An act of somebody at the desk: one verb in one transaction. Decides nothing, and draws no page."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from app.database import transaction
from moderation.errors import NotFound, Refusal

Answer = TypeVar("Answer")


def tried(act: Callable[[Session], Answer]) -> Answer | Refusal:
    """What the verb answers, or what a rule says against it, for the form to say beside what was typed. Of a refusal nothing is stored.

    Raises:
        NotFound: there is no page left to draw again; it has one of its own.
    """
    try:
        with transaction() as session:
            return act(session)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return refusal
