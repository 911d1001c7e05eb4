"""rpz.zone: a response policy zone, two records a listing. One name that does not fit makes servers refuse the whole zone: leave it out.

The file does not name its zone, so it loads under any name; `zone_name` is the one that networks are given. Never the list's own name: BIND
takes a policy zone for an ordinary one too, and refuses whatever is asked below it, the name that must always resolve among them.
"""

from moderation import policy
from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.formats._zone import ZONE_FILE, ZONE_LABEL, has_room
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = ZONE_FILE
MEDIA_TYPE = "text/dns"
LABEL = N_("Response policy zone")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "A response policy zone; two records a listing, the name and every name below it; the answer is NXDOMAIN."


def zone_name(header: Header) -> str:
    """The name under which networks load the zone, `rpz.<list name>`; under a longer one a long listing may not fit."""
    return f"{ZONE_LABEL}.{header.list_name}"


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments, and the records that make a zone.

    The serial is the release's number: it rises on removals too, and never runs over as a date with two digits does.
    BIND refuses a zone without a name server; nobody asks this one, so it is localhost.
    """
    times = (policy.ZONE_REFRESH_SECONDS, policy.ZONE_RETRY_SECONDS, policy.ZONE_EXPIRE_SECONDS, policy.ZONE_MINIMUM_SECONDS)
    return (
        *_heading.comments(";", header, DESCRIPTION),
        f"$TTL {policy.ZONE_TTL_SECONDS}",
        f"@ IN SOA localhost. hostmaster.{header.list_name}. {header.serial} {' '.join(str(seconds) for seconds in times)}",
        "@ IN NS localhost.",
    )


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse what is no name, what grows too long below the zone's own name, and what a zone reads as an instruction."""
    reason = _guards.unfit_name(entry)
    if reason:
        return reason
    if not has_room(entry.target, zone_name(header)):
        return N_("With *. before it and the zone's name after it, it passes the 255 octets of a name; servers would refuse the zone.")
    if entry.target.rpartition(".")[2].startswith("rpz-"):
        return N_("In a response policy zone a name that ends so is an instruction about something else.")
    return None


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name and the names below it, below the zone's own name; a trailing dot would put them outside the zone."""
    return (f"{entry.target} CNAME .", f"*.{entry.target} CNAME .")


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("shop.example.net CNAME .", "*.shop.example.net CNAME .")),
    Example(entry(Scope.PAGE, "https://example.net/a", host="example.net"), ()),
    Example(wide("32.1.2.0.192.rpz-ip"), ()),
    Example(wide(".".join(["a" * 62] * 4)[:245] + "a"), ()),
    Example(wide("evil.example."), ()),
)
