"""What a network pays to follow the list: a week of daily changes against a week of daily full states, in octets, plain and packed."""

import random
import tempfile
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from app import clock
from app.feed.ranges import Body, Ranges
from app.release.assembly import write_release
from app.release.deltas import Chain, Deltas
from bench.figures import Figure
from bench.place import Place
from moderation import formats, policy
from moderation.vocabulary import Category, Change, Entry, Header, Scope

TITLE = "What it costs to follow the list"
LISTED, ADDED, REMOVED = 100_000, 1_000, 200
DAYS, RELEASES_A_DAY = 7, 20
LIMIT = 2
"""Percent."""
FULL_STATE = "feed.jsonl"


def run(place: Place) -> Iterator[Figure]:
    """A consumer that comes once a day, by changes and by full states."""
    with tempfile.TemporaryDirectory() as folder:
        by_changes, by_full_states = _week(Path(folder))
    for each, name in enumerate(("plain", "packed")):
        changes, full = by_changes[each], by_full_states[each]
        told = f"{changes:,} against {full:,} octets of {FULL_STATE}"
        named = f"a week of daily changes ({ADDED:,} additions, {REMOVED} removals a day) by full states of {LISTED:,}, {name}"
        yield Figure(name=named, value=100 * changes / full, unit="%", at_most=LIMIT, seen=told)


def _week(folder: Path) -> tuple[list[int], list[int]]:
    """Octets of changes and of full states, each plain and packed."""
    deltas, ranges, draw = Deltas(folder), Ranges(folder), random.Random(6)
    listed, made = {}, iter(range(10 * LISTED))
    for _ in range(LISTED):
        _add(listed, next(made), draw)
    serial, changes, full = 1, [0, 0], [0, 0]
    deltas.write(_header(serial))
    for _ in range(DAYS):
        carried = serial
        for _ in range(RELEASES_A_DAY):
            serial += 1
            gone = [listed.pop(reference) for reference in draw.sample(sorted(listed), REMOVED // RELEASES_A_DAY)]
            came = [_add(listed, next(made), draw) for _ in range(ADDED // RELEASES_A_DAY)]
            news = [*(Change(old=one, new=None, because="delisted") for one in gone), *(Change(old=None, new=one) for one in came)]
            deltas.write(_header(serial), news)
        deltas.reach(_chain(serial))
        changes = _sum(changes, _pulled(ranges, carried))
        full = _sum(full, _full_state(folder, serial, listed.values()))
    return changes, full


def _pulled(ranges: Ranges, since: int) -> list[int]:
    """What a consumer fetches from the serial that it carries to the newest."""
    octets, chain = [0, 0], ranges.chain()
    while since < chain.serial:
        page = ranges.page(since, chain)
        octets, since = _sum(octets, [_length(page.plain), _length(page.packed)]), page.serial
    return octets


def _full_state(folder: Path, serial: int, listed: object) -> list[int]:
    form = next(form for form in formats.installed() if form.FILE_NAME == FULL_STATE)
    with tempfile.TemporaryDirectory(dir=folder) as written:
        write_release(Path(written), _header(serial), listed, [form])
        return [(Path(written) / name).stat().st_size for name in (FULL_STATE, f"{FULL_STATE}.gz")]


def _add(listed: dict[str, Entry], number: int, draw: random.Random) -> Entry:
    """One more entry: half of them names, half pages, as made up for load."""
    name = f"s{draw.getrandbits(64):016x}.test"
    scope = Scope.DOMAIN if number % 2 else Scope.PAGE
    now = clock.now()
    made = Entry(
        reference=uuid.UUID(int=draw.getrandbits(128), version=4),
        kind="domain" if scope.is_wide else "web_page",
        scope=scope,
        target=name if scope.is_wide else f"https://{name}/offer/{number}",
        host=name,
        territories=("FR", "DE"),
        category=draw.choice(tuple(Category)),
        listed_at=now,
        expires_at=now + policy.LISTING_LIFETIME[scope],
    )
    listed[str(made.reference)] = made
    return made


def _header(serial: int) -> Header:
    now = clock.now()
    return Header(
        title="A list for a measurement",
        list_name="list.example",
        homepage="https://flag.example.org",
        contact="contact@flag.example.org",
        licence="For a measurement only.",
        serial=serial,
        published_at=now,
        valid_until=now + timedelta(hours=24),
    )


def _chain(serial: int) -> Chain:
    return Chain(oldest=1, serial=serial, made_at=clock.now().isoformat(), rules="")


def _length(body: Body) -> int:
    return body.content.stat().st_size if isinstance(body.content, Path) else len(body.content)


def _sum(one: list[int], other: list[int]) -> list[int]:
    return [first + second for first, second in zip(one, other, strict=True)]
