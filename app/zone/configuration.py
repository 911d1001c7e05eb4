"""What the name server is told: our own key, the living keys of consumers, whom to notify. Text only; written and taken elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.zone.primary import ALGORITHM, PUBLISHER
from moderation import policy

HISTORY = policy.CHANGES_RELEASES_A_PAGE * 4
"""Changes that the primary keeps to serve IXFR: two busy days' releases; who comes later takes the whole zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneKey:
    """A key as a configuration has it. Nothing of it was typed by anybody: see `publishing.add_transfer_key`."""

    name: str
    algorithm: str
    secret: str = field(repr=False)
    notify: tuple[str, ...] = ()


def text(software: str, *, zone: str, folder: Path, publisher: str, keys: Sequence[ZoneKey]) -> str:
    """The part of the name server's configuration that is ours: keys, who may do what, and the zone itself."""
    own = ZoneKey(name=PUBLISHER, algorithm=ALGORITHM, secret=publisher)
    make = {"knot": _knot, "bind": _bind}[software]
    return make(zone, folder, (own, *keys))


def zone_file(folder: Path) -> Path:
    """Where the primary takes the whole zone from, when an update can't bring it back."""
    return folder / "rpz.zone"


def _knot(zone: str, folder: Path, keys: Sequence[ZoneKey]) -> str:
    consumers = keys[1:]
    remotes = [(f"flagstone-notify-{number}", address, key.name) for number, (key, address) in enumerate(_told(consumers))]
    acl = [PUBLISHER, *(["flagstone-consumers"] if consumers else [])]
    lines = ["# Written by Flagstone, and written again whenever a key changes: it holds secrets, and nothing for you to edit.", "key:"]
    for key in keys:
        lines += [f"  - id: {key.name}", f"    algorithm: {key.algorithm}", f'    secret: "{key.secret}"']
    lines += ["acl:", f"  - id: {PUBLISHER}", f"    key: {PUBLISHER}", "    action: [query, transfer, update]"]
    # A rule without a key would let everybody in: where there is no consumer, there is no rule.
    if consumers:
        lines += ["  - id: flagstone-consumers", f"    key: [{', '.join(key.name for key in consumers)}]", "    action: [query, transfer]"]
    if remotes:
        lines.append("remote:")
    for name, address, key_name in remotes:
        lines += [f"  - id: {name}", f"    address: {address}", f"    key: {key_name}"]
    lines += ["zone:", f"  - domain: {zone}.", f'    file: "{zone_file(folder)}"', f"    acl: [{', '.join(acl)}]"]
    if remotes:
        lines.append(f"    notify: [{', '.join(name for name, _, _ in remotes)}]")
    # The journal has the zone; the file is only ever a letter from us, taken where its serial is higher.
    lines += ["    zonefile-load: difference", "    zonefile-sync: -1", "    journal-content: all", f"    journal-max-depth: {HISTORY}"]
    return "\n".join((*lines, ""))


def _bind(zone: str, folder: Path, keys: Sequence[ZoneKey]) -> str:
    lines = ["// Written by Flagstone, and written again whenever a key changes: it holds secrets, and nothing for you to edit."]
    for key in keys:
        lines.append(f'key "{key.name}" {{ algorithm {key.algorithm}; secret "{key.secret}"; }};')
    named = " ".join(f'key "{key.name}";' for key in keys)
    notify = " ".join(f'{address} port {port} key "{key}";' for address, port, key in _to_notify(keys))
    lines += [
        f'zone "{zone}" {{',
        "    type primary;",
        f'    file "{zone_file(folder)}";',
        f'    allow-update {{ key "{PUBLISHER}"; }};',
        f"    allow-query {{ {named} }};",
        f"    allow-transfer {{ {named} }};",
        "    notify explicit;",
        f"    also-notify {{ {notify} }};",
        "    ixfr-from-differences yes;",
        "};",
    ]
    return "\n".join((*lines, ""))


def _to_notify(keys: Sequence[ZoneKey]) -> list[tuple[str, str, str]]:
    return [(*address.rsplit("@", 1), key.name) for key, address in _told(keys)]  # type: ignore[misc]


def _told(keys: Sequence[ZoneKey]) -> list[tuple[ZoneKey, str]]:
    return [(key, address) for key in keys for address in key.notify]
