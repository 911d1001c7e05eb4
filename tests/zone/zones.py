"""What is in the zone at a primary, read as a consumer reads it."""

from app.zone.primary import Primary
from config import Settings


def held_by(settings: Settings) -> tuple[int, set[str]]:
    """Serial, and the names that are blocked; each with all names below it, and nothing else in the zone."""
    primary = Primary(settings)
    zone = primary.zone.to_text()
    records = list(primary.records())
    # At both ends of a transfer, which is one where both are in one message.
    (soa,) = {rest for owner, rest in records if owner == zone and " SOA " in rest}
    assert [rest for owner, rest in records if owner == zone and " SOA " not in rest] == ["300 NS localhost."]
    names = [owner.removesuffix(f".{zone}") for owner, rest in records if owner != zone]
    assert {rest for owner, rest in records if owner != zone} <= {"300 CNAME ."}
    exact = {name for name in names if not name.startswith("*.")}
    assert sorted(names) == sorted([*exact, *(f"*.{name}" for name in exact)])
    return int(soa.split()[4]), exact
