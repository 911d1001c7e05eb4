"""Reads what an address of the desk asks for: filters, a page, a text to look up."""

from collections.abc import Mapping
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.desk.forms.reader import Reader, reference
from moderation.queue import VIEWS, Filters
from moderation.states import State
from moderation.vocabulary import Category, DeskLane

PAGES_AT_MOST = 1_000


def read_filters(arguments: Mapping[str, str], kinds: tuple[str, ...]) -> Filters:
    """The queue that an address asks for; what it cannot mean is passed over, since an address is no form to send back."""
    read = Reader(arguments)
    text, lane = read.text("text"), read.choice("lane", VIEWS, "")
    # Whoever looks for something looks in every state, unless they name one.
    usual = None if text and not lane else State.WAITING
    return Filters(
        state=read.choice("state", tuple(State), State.WAITING) if arguments.get("state") else usual,
        kind=read.choice("kind", kinds, ""),
        category=read.choice("category", tuple(Category), ""),
        lane=lane,
        text=text,
        mine=read.ticked("mine"),
        page=page_number(arguments),
    )


def lanes_of(arguments: MultiDict[str, str]) -> tuple[DeskLane, ...]:
    """The lanes that a form names; what is none is passed over."""
    return tuple(lane for lane in DeskLane if lane in arguments.getlist("lane"))


def cases_of(arguments: MultiDict[str, str]) -> tuple[UUID, ...]:
    """The cases that a form ticks."""
    found = (reference({"case": each}, "case") for each in arguments.getlist("case"))
    return tuple(each for each in found if each is not None)


def sought(arguments: Mapping[str, str], name: str) -> str:
    """A text to look up, without the signs that no stored text has."""
    return Reader(arguments).text(name)


def page_number(arguments: Mapping[str, str], name: str = "page") -> int:
    """The page an address asks for; the first where it asks for none that can be."""
    typed = arguments.get(name, "")
    return max(1, min(int(typed), PAGES_AT_MOST)) if typed.isdecimal() and len(typed) < 10 else 1
