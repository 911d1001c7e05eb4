"""From which addresses a network pulls, and which files it fetches with the token in the address. Looks nothing up."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network

from sqlalchemy import update
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.consumers.adding import choices
from moderation.consumers.entering import Engineer
from moderation.errors import InvalidAnswer
from moderation.models import Consumer
from moderation.vocabulary import N_

IPV4_IN_IPV6 = 96
"""Bits before the IPv4 address in ::ffff:0:0/96 (RFC 4291, 2.5.5.2)."""


def fetch_by_address(session: Session, engineer: Engineer, files: Sequence[str], *, at: datetime) -> None:
    """Let a network's software fetch these files, and no other, with the token in the address.

    Raises:
        InvalidAnswer: there is no such file.
    """
    if set(files) - set(choices()):
        raise InvalidAnswer({"files": N_("Choose from the formats shown.")})
    chosen = [file for file in choices() if file in files]
    session.execute(update(Consumer).where(Consumer.id == engineer.id).values(address_formats=chosen))
    action, detail = "consumer addresses changed", {"files": chosen}
    audit.record(session, actor=engineer.actor, action=action, subject=engineer.subject, at=at, detail=detail)


def come_from(session: Session, engineer: Engineer, networks: Sequence[str], *, at: datetime) -> None:
    """Let a network's tokens open something from these networks alone; from everywhere where there are none."""
    session.execute(update(Consumer).where(Consumer.id == engineer.id).values(allowed_networks=list(networks)))
    action, detail = "consumer networks changed", {"networks": list(networks)}
    audit.record(session, actor=engineer.actor, action=action, subject=engineer.subject, at=at, detail=detail)


def networks_in(text: str) -> tuple[str, ...]:
    """Networks as somebody typed them: addresses or CIDR, with spaces, commas or line ends between. Host bits are cut off.

    Raises:
        InvalidAnswer: one is no network, or is everywhere; or there are too many.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if len(words) > policy.CONSUMER_NETWORKS:
        raise InvalidAnswer({"networks": N_("These are too many; write at most a hundred networks.")})
    return tuple(dict.fromkeys(str(_network(word)) for word in words))


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        found = ip_network(word, strict=False)
    except ValueError:
        found = None
    # A zone behind the address is the name of a cable in one machine.
    if found is None or "%" in word:
        raise InvalidAnswer({"networks": N_("Write addresses or networks, such as 192.0.2.0/24 or 2001:db8::/32, one on each line.")})
    if isinstance(found, IPv6Network) and found.prefixlen >= IPV4_IN_IPV6 and found.network_address.ipv4_mapped:
        found = IPv4Network((found.network_address.ipv4_mapped, found.prefixlen - IPV4_IN_IPV6))
    if found.prefixlen == 0:
        raise InvalidAnswer({"networks": N_("A network of length 0 is everywhere. Leave the field empty for that.")})
    return found
