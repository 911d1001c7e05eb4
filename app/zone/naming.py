"""What the zone is called, and the one SOA record that it has at each release."""

import re
from dataclasses import dataclass
from datetime import datetime

from config import Settings
from moderation import policy
from moderation.formats import ZONE_LABEL

OURS = re.compile(r"release-([0-9]{1,18})(?:-([0-9]{1,18}))?\.localhost\. ")
"""The first name in such a record. Those of an older version do not say the second."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which release it is: its number, and the second in which it came out (None where an older version wrote it down).

    A database that was set back comes to the same number another way, and in another second.
    """

    serial: int
    second: int | None

    @classmethod
    def of(cls, serial: int, published_at: datetime) -> "Mark":
        """That of a release."""
        return cls(serial, int(published_at.timestamp()))

    def may_be(self, other: "Mark") -> bool:
        """Whether both mean one release."""
        return self.serial == other.serial and (None in (self.second, other.second) or self.second == other.second)


def zone_name(settings: Settings) -> str:
    """The zone's name, without a dot at its end."""
    return f"{ZONE_LABEL}.{settings.list_name}"


def soa(settings: Settings, mark: Mark) -> str:
    """The SOA record's data where the zone is ours at this release.

    The serial stands in it twice. A name server that counts an edit by hand raises the one and leaves the other, so
    a zone that somebody else changed is known by its SOA, and refused by every update that names the SOA as it must be.
    The second beside it tells the release from another of its number.
    """
    second = "" if mark.second is None else f"-{mark.second}"
    return _soa(settings, f"release-{mark.serial}{second}", mark.serial)


def soa_on_the_way(settings: Settings, serial: int) -> str:
    """The SOA record's data between two updates that belong together: known as nobody's, so that a train that was cut short is seen."""
    return _soa(settings, "on-the-way", serial)


def mark_of(settings: Settings, found: str | None) -> Mark | None:
    """What an SOA record says of the zone; None where it is none of ours, or there is none."""
    ours = OURS.match(found or "")
    if ours is None:
        return None
    mark = Mark(int(ours[1]), int(ours[2]) if ours[2] else None)
    return mark if found == soa(settings, mark) else None


def _soa(settings: Settings, mark: str, serial: int) -> str:
    times = (policy.TRANSFER_REFRESH_SECONDS, policy.TRANSFER_RETRY_SECONDS, policy.ZONE_EXPIRE_SECONDS, policy.ZONE_MINIMUM_SECONDS)
    return f"{mark}.localhost. hostmaster.{settings.list_name}. {serial} {' '.join(str(seconds) for seconds in times)}"
