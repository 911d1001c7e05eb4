"""Reads what an address of the desk asks for: filters, a page, a text to look up."""

from collections.abc import Mapping

from app.desk.forms.reader import Reader
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Category, Lane

PAGES_AT_MOST = 1_000


def read_filters(arguments: Mapping[str, str], kinds: tuple[str, ...]) -> Filters:
    """The queue that an address asks for; what it cannot mean is passed over, since an address is no form to send back."""
    read = Reader(arguments)
    return Filters(
        state=read.choice("state", tuple(State), State.WAITING),
        kind=read.choice("kind", kinds, ""),
        category=read.choice("category", tuple(Category), ""),
        lane=read.choice("lane", tuple(Lane), ""),
        text=read.text("text"),
        mine=read.ticked("mine"),
        page=page_number(arguments),
    )


def sought(arguments: Mapping[str, str], name: str) -> str:
    """A text to look up, without the signs that no stored text has."""
    return Reader(arguments).text(name)


def page_number(arguments: Mapping[str, str]) -> int:
    """The page an address asks for; the first where it asks for none that can be."""
    typed = arguments.get("page", "")
    return max(1, min(int(typed), PAGES_AT_MOST)) if typed.isdecimal() and len(typed) < 10 else 1
