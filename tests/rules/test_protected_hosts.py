"""Our own list of protected hosts and the meaning of Citizen Lab's codes, held to what each line must carry."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.known_hosts import packaged
from app.known_hosts.imported import CODES
from moderation import addresses, policy
from moderation.vocabulary import HostClass, Protection

FILE = Path(packaged.__file__).with_name("protected.csv")
LINES = tuple(csv.DictReader(FILE.open(encoding="utf-8", newline="")))
REGIONS = {"africa", "arab_states", "asia", "pacific", "europe", "latin_america", "north_america", "ex_soviet", "world"}
LEAST = 150
LEAST_OF_A_REGION = 10


def test_the_list_is_long_enough_to_matter_and_names_each_host_once():
    counted = Counter(line["host"] for line in LINES)
    assert len(counted) >= LEAST
    assert [host for host, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("region", sorted(REGIONS - {"world"}))
def test_every_region_is_covered(region):
    assert sum(line["region"] == region for line in LINES) >= LEAST_OF_A_REGION


def test_no_other_region_is_named():
    assert {line["region"] for line in LINES} == REGIONS


@pytest.mark.parametrize(
    "kind",
    [
        Protection.ANTI_TRAFFICKING,
        Protection.SURVIVOR_SUPPORT,
        Protection.HEALTH,
        Protection.LEGAL_AID,
        Protection.SEX_WORKERS_RIGHTS,
        Protection.MIGRANTS,
        Protection.HUMAN_RIGHTS,
        Protection.PRESS_FREEDOM,
        Protection.LGBT,
        Protection.CHILD_PROTECTION,
    ],
)
def test_every_kind_of_help_is_covered(kind):
    assert sum(line["protected_as"] == kind for line in LINES) >= 3


def test_each_line_says_as_what_by_whose_name_and_where_it_was_seen():
    for line in LINES:
        assert line["protected_as"] in set(Protection), line
        assert line["name"].strip(), line
        assert urlsplit(line["seen"]).scheme in ("http", "https"), line
        assert urlsplit(line["seen"]).hostname, line
        assert date.fromisoformat(line["seen_on"]) <= date.today(), line  # noqa: DTZ011 - a day, not a moment


def test_each_host_is_canonical_and_a_site_of_its_own():
    for line in LINES:
        address = addresses.read(f"https://{line['host']}/")
        assert address is not None
        assert address.host == line["host"]
        assert addresses.registrable_domain(line["host"]) is not None, line
        assert not line["host"].startswith("www."), line


@pytest.mark.long
def test_no_protected_host_is_listed_as_a_platform_too():
    """A page of it could not be told from a page of somebody else's."""
    names = {name for line in LINES for name in addresses.with_parents(line["host"])}
    platforms = {known.host for known in packaged.packaged_hosts() if known.host_class in policy.PLATFORM_CLASSES}
    assert names & platforms == set()


def test_the_list_is_loaded_with_what_each_is_protected_as():
    loaded = {known.host: known.protected_as for known in packaged.protected_list()}
    assert loaded == {line["host"]: line["protected_as"] for line in LINES}


def test_citizen_labs_codes_mean_what_its_legend_says():
    assert CODES["HUMR"] == (HostClass.PROTECTED, Protection.HUMAN_RIGHTS)
    assert CODES["HOST"] == (HostClass.PLATFORM, None)
    assert CODES["PORN"] is None
    assert all(meaning is None or meaning[1] is None or meaning[1] in set(Protection) for meaning in CODES.values())
