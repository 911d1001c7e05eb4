"""Compares every record of the zone at the primary with a release on the disk, reading the zone as a consumer reads it."""

from dataclasses import dataclass

from app.zone import letters
from app.zone.naming import zone_name
from app.zone.primary import TTL, Primary
from config import Settings

APEX = frozenset(("SOA", "NS"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Owners that are missing, and records (owner, type) that nobody released. `compared` counts what was looked for."""

    missing: tuple[str, ...]
    surplus: tuple[tuple[str, str], ...]
    compared: int


def difference(settings: Settings, primary: Primary, number: int) -> Difference:
    """How the zone differs from this release, but for its SOA.

    Raises:
        Trouble: the zone can't be read. FileNotFoundError: the release is not on the disk.
    """
    wanted = _wanted(settings, number)
    compared, surplus = len(wanted), []
    zone = f"{zone_name(settings)}."
    for owner, rest in primary.records():
        kind = rest.split(" ", 2)[1]
        if wanted.get(owner) == rest:
            del wanted[owner]
        elif owner != zone or kind not in APEX:
            surplus.append((owner, kind))
    return Difference(missing=tuple(sorted(wanted)), surplus=tuple(sorted(surplus)), compared=compared)


def _wanted(settings: Settings, number: int) -> dict[str, str]:
    zone = f"{zone_name(settings)}."
    wanted: dict[str, str] = {}
    for line in letters.zone_lines(settings, number):
        owner, _, rest = line.partition(" ")
        if owner not in ("@", "$TTL"):
            wanted[f"{owner}.{zone}"] = f"{TTL} {rest}"
    return wanted
