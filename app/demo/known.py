"""Made-up lines about hosts, so that the desk shows what it refuses: reserved names are on nobody's list. Adds lines; looks nothing up."""

from sqlalchemy.orm import Session

from moderation.models import KnownHostRow
from moderation.vocabulary import HostClass

SOURCE = "Demonstration"

KNOWN = (
    ("search.example", HostClass.POPULAR_10K, 12),
    ("bio.example", HostClass.LINK_IN_BIO, None),
    ("freehost.example", HostClass.HOSTING, None),
    ("gov.example", HostClass.NEVER, None),
    ("ngo.example", HostClass.PROTECTED, None),
    ("clinic.example", HostClass.PROTECTED, None),
    ("museum.example", HostClass.PROTECTED, None),
    ("nannies.example", HostClass.POPULAR_1M, 420_000),
    ("pages.test", HostClass.PLATFORM, None),
)


def add_known_hosts(session: Session) -> None:
    """Add them beside the lines of real lists, which are never touched."""
    session.add_all(KnownHostRow(host=host, host_class=host_class, source=SOURCE, rank=rank) for host, host_class, rank in KNOWN)
    session.flush()
