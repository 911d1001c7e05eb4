"""What the zone is called, and the one SOA record that it has at each serial."""

from config import Settings
from moderation import policy
from moderation.formats import ZONE_LABEL


def zone_name(settings: Settings) -> str:
    """The zone's name, without a dot at its end."""
    return f"{ZONE_LABEL}.{settings.list_name}"


def soa(settings: Settings, serial: int) -> str:
    """The SOA record's data where the zone is ours at this serial.

    The serial stands in it twice. A name server that counts an edit by hand raises the one and leaves the other, so
    a zone that somebody else changed is known by its SOA, and refused by every update that names the SOA as it must be.
    """
    return _soa(settings, f"release-{serial}", serial)


def soa_on_the_way(settings: Settings, serial: int) -> str:
    """The SOA record's data between two updates that belong together: known as nobody's, so that a train that was cut short is seen."""
    return _soa(settings, "on-the-way", serial)


def _soa(settings: Settings, mark: str, serial: int) -> str:
    times = (policy.TRANSFER_REFRESH_SECONDS, policy.TRANSFER_RETRY_SECONDS, policy.ZONE_EXPIRE_SECONDS, policy.ZONE_MINIMUM_SECONDS)
    return f"{mark}.localhost. hostmaster.{settings.list_name}. {serial} {' '.join(str(seconds) for seconds in times)}"
