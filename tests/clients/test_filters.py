"""Filter engines load the list from a running server, as the documentation says: what is listed is blocked, and nothing beside it."""

import pytest

from tests.clients import filters
from tests.clients.pages import ADBLOCK, AFTER, GHOSTERY, LISTED, PASSES, PROBES, UBLOCK, expected, freed

pytestmark = pytest.mark.skipif(bool(filters.missing()), reason=f"{', '.join(filters.missing())} not installed ({filters.HOW})")

ENGINES = (ADBLOCK, GHOSTERY, UBLOCK)
ADDRESSES = [probe.address for probe in PROBES]


@pytest.fixture(scope="module")
def fetched(network, tmp_path_factory):
    """Publishes a list and gives the file that a browser then has."""
    folder = tmp_path_factory.mktemp("filters")

    def act(entries):
        network.publish(entries)
        network.run("adblock.sh", folder, programs=folder)
        return (folder / "adblock.txt").read_text()

    return act


def test_what_is_listed_is_blocked_and_nothing_beside_it(fetched):
    assert filters.verdicts(fetched(LISTED), ADDRESSES) == {engine: expected(engine) for engine in ENGINES}


def test_https_is_the_same_page(fetched):
    # But for the door that is there by http alone.
    secure = [address.replace("http://", "https://") for address in ADDRESSES if "net:443/" not in address]
    wanted = {engine: {each: expected(engine)[each.replace("https://", "http://")] for each in secure} for engine in ENGINES}
    assert filters.verdicts(fetched(LISTED), secure) == wanted


def test_a_picture_from_a_listed_place_is_blocked_in_another_page_too(fetched):
    wanted = {engine: expected(engine) for engine in ENGINES}
    # Of pages the old engine knows no more than the page itself.
    wanted[ADBLOCK] |= {each: PASSES for each in ADDRESSES if each.startswith(("http://page.", "http://root.", "http://path."))}
    assert filters.verdicts(fetched(LISTED), ADDRESSES, within="https://www.example.org/") == wanted


def test_a_page_that_only_shows_pictures_of_others_is_not_blocked(fetched):
    seen = filters.verdicts(fetched(LISTED), ["https://www.example.org/a.png"], within="https://page.example.net/low?x=1")
    assert {verdict for each in seen.values() for verdict in each.values()} == {PASSES}


def test_what_is_delisted_passes_again_and_nothing_else(fetched):
    assert filters.verdicts(fetched(AFTER), ADDRESSES) == {engine: freed(engine) for engine in ENGINES}
