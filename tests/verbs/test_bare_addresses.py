"""No machine's address is ever listed whole: not in any spelling that browsers take, and not by its root."""

import ipaddress
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from moderation import addresses, resources
from moderation.errors import NotOnLadder
from moderation.models import Listing
from moderation.vocabulary import Refused, Role, Scope, Target
from tests import builders
from tests.builders import NOON

FULL_WIDTH = str.maketrans("0123456789.abcdefx", "０１２３４５６７８９。ａｂｃｄｅｆｘ")
NUMBERS = {"decimal": str, "octal": lambda part: f"0{part:o}", "hex": lambda part: f"0x{part:x}", "HEX": lambda part: f"0X{part:X}"}
SIGNS = {
    "plain": str,
    "full width": lambda text: text.lower().translate(FULL_WIDTH),
    "escaped": lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
}


def in_parts(number: int, parts: int) -> list[int]:
    """The URL standard takes one to four parts; the last holds whatever is left."""
    octets = number.to_bytes(4)
    return [*octets[: parts - 1], int.from_bytes(octets[parts - 1 :])]


@st.composite
def ipv4(draw) -> str:
    written = [
        NUMBERS[draw(st.sampled_from(list(NUMBERS)))](part) for part in in_parts(draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 4)))
    ]
    return SIGNS[draw(st.sampled_from(list(SIGNS)))](".".join(written) + draw(st.sampled_from(["", "."])))


@st.composite
def ipv6(draw) -> str:
    address = draw(st.ip_addresses(v=6) | st.ip_addresses(v=4).map(lambda low: ipaddress.IPv6Address(f"::ffff:{low}")))
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    mixed = f"{':'.join(address.exploded.split(':')[:6])}:{low}"
    return f"[{draw(st.sampled_from([address.compressed, address.exploded, address.exploded.upper(), mixed]))}]"


around = st.tuples(
    st.sampled_from(["http://", "HTTPS://", "hxxp://", "//", "https://www.good.test@"]),
    st.sampled_from(["", ":80", ":8443"]),
    st.sampled_from(["", "/", "/?id=4", "/#top", "/a/../", "/./", "/jobs/7", "/jobs/"]),
)


@given(st.one_of(ipv4(), ipv6()), around)
@example("0x7f.1", ("http://", "", "/"))
@example("2130706433", ("http://", "", "/"))
@example("017700000001", ("http://", "", "/"))
@example("[::ffff:192.0.2.7]", ("http://", "", "/"))
def test_no_spelling_of_an_address_has_a_wide_step_or_a_root(host, given_around):
    before, port, after = given_around
    for resource in resources.parse(f"{before}{host}{port}{after}", text_digest=builders.digest_of_text):
        named = [target for target in resource.ladder if target.scope.is_wide]
        assert named == []
        assert [target for target in resource.ladder if target.scope is Scope.PATH and target.text.count("/") < 4] == []


@given(st.one_of(ipv4(), ipv6()))
def test_every_spelling_is_known_for_an_address(host):
    address = addresses.read(f"http://{host}/")
    assert address is not None
    assert address.is_ip
    assert addresses.name_steps(address.host) == ()


SPELLINGS = {
    "dotted": "192.0.2.7",
    "final dot": "192.0.2.7.",
    "decimal": str(0xC0000207),
    "octal": "0300.0.02.07",
    "hex": "0xC0.0x0.0x2.0x7",
    "two parts": "0xc0.519",
    "full width": "１９２。０。２。７",
    "escaped": quote("192", safe="").replace("1", "%31") + ".0.2.7",
    "IPv6": "[2001:db8::7]",
    "IPv4-mapped": "[::ffff:192.0.2.7]",
}


@pytest.mark.parametrize("host", SPELLINGS.values(), ids=SPELLINGS)
def test_three_people_cannot_list_a_bare_address(session, host):
    found = builders.case(session, f"http://{host}/")
    (resource,) = resources.parse(f"http://{host}/", text_digest=builders.digest_of_text)
    own = resource.host
    people = [builders.person(session), builders.person(session), builders.person(session, Role.SENIOR)]
    at = NOON
    for person in people:
        at += timedelta(hours=1)
        for wanted in (Scope.HOST, Scope.DOMAIN):
            for text in (host, own):
                with pytest.raises(NotOnLadder):
                    builders.propose(session, found, person, builders.answers(Target(wanted, text)), at=at)
        with pytest.raises(NotOnLadder):
            builders.propose(session, found, person, builders.answers(Target(Scope.PATH, f"https://{own}/")), at=at)
        root = builders.propose(session, found, person, builders.answers(Target(Scope.PAGE, resource.canonical)), at=at)
        assert isinstance(root, Refused)
        assert "RS08" in {finding.safeguard for finding in root.blocking}
    assert session.scalar(select(func.count()).select_from(Listing)) == 0
