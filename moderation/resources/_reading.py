"""What every kind of resource is given and gives back. Must not know any one kind."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from moderation.resources._cleaning import clean, half_width, refang
from moderation.resources._mentions import Mention, mentions
from moderation.vocabulary import Resource


@dataclass(frozen=True, slots=True)
class Found:
    """A resource and where in `Reading.text` it stands."""

    start: int
    end: int
    resource: Resource


@dataclass(frozen=True, slots=True)
class Reading:
    """One report's text, made ready once for all kinds.

    `written` has only the unseen characters removed; `text` is that with bracketed signs put back, and `plain` the same with plain
    letters for full-width ones, each in its place; `addresses` are the web addresses named in `text`, in order. `text_digest` is the keyed
    digest of free text.
    """

    written: str
    text_digest: Callable[[str], str]
    text: str = field(init=False)
    plain: str = field(init=False)
    addresses: tuple[Mention, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", refang(self.written))
        object.__setattr__(self, "plain", half_width(self.text))
        object.__setattr__(self, "addresses", tuple(mentions(self.text)))

    @property
    def is_one_address(self) -> bool:
        """Tell whether the text is a web address and nothing else."""
        return len(self.addresses) == 1 and (self.addresses[0].start, self.addresses[0].end) == (0, len(self.text))

    def is_inside_an_address(self, at: int) -> bool:
        """Tell whether this place of the text lies in a web address that began before it."""
        number = bisect_left(self.addresses, at, key=lambda mention: mention.start)
        return number > 0 and self.addresses[number - 1].end > at


def reading(text: str, *, text_digest: Callable[[str], str]) -> Reading:
    """Make a text ready for every kind."""
    return Reading(clean(text), text_digest)


def names_itself(host: str) -> bool:
    """Tell whether a bare host, written down alone, is read as just that host."""
    found = tuple(mentions(host))
    return len(found) == 1 and found[0].text == host and found[0].address is not None and found[0].address.host == host
