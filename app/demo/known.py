"""Made-up lines about hosts, so that the desk shows what it refuses: reserved names are on nobody's list. Adds lines; looks nothing up."""

from sqlalchemy.orm import Session

from moderation.models import KnownHostRow
from moderation.vocabulary import HostClass, Protection

SOURCE = "Demonstration"

KNOWN = (
    ("search.example", HostClass.POPULAR_10K, 12, None),
    ("bio.example", HostClass.LINK_IN_BIO, None, None),
    ("freehost.example", HostClass.HOSTING, None, None),
    ("gov.example", HostClass.NEVER, None, None),
    ("ngo.example", HostClass.PROTECTED, None, Protection.NGO),
    ("clinic.example", HostClass.PROTECTED, None, Protection.HEALTH),
    ("museum.example", HostClass.PROTECTED, None, Protection.EDUCATION),
    ("nannies.example", HostClass.POPULAR_1M, 420_000, None),
    ("pages.test", HostClass.PLATFORM, None, None),
)


def add_known_hosts(session: Session) -> None:
    """Add them beside the lines of real lists, which are never touched."""
    session.add_all(
        KnownHostRow(host=host, host_class=host_class, source=SOURCE, rank=rank, protected_as=protected_as)
        for host, host_class, rank, protected_as in KNOWN
    )
    session.flush()
