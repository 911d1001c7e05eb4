"""The second line of defence: what no format carries, whatever was decided, and what does not fit a name or an address."""

import pytest

from moderation import formats
from moderation.formats import rpz, urls
from moderation.formats._examples import HEADER, entry, wide
from moderation.formats._guards import is_name
from moderation.vocabulary import Scope


@pytest.mark.parametrize("name", ["com", "co.uk", "github.io", "blogspot.com", "localhost"])
def test_a_public_suffix_never_goes_out(name):
    assert formats.withheld(entry(Scope.DOMAIN, name), HEADER)


@pytest.mark.parametrize("name", ["amazonaws.com", "eu-west-1.amazonaws.com", "fastly.net", "salesforce.com"])
def test_a_platforms_own_name_never_goes_out(name):
    assert formats.withheld(wide(name), HEADER)


@pytest.mark.parametrize("name", ["shop.github.io", "bucket.s3.amazonaws.com", "example.co.uk"])
def test_one_customers_name_on_a_platform_can_go_out(name):
    assert formats.withheld(wide(name), HEADER) is None


@pytest.mark.parametrize("name", ["192.0.2.1", "1.1.1.1", "[2001:db8::1]"])
def test_a_bare_address_never_goes_out(name):
    assert formats.withheld(wide(name), HEADER)


@pytest.mark.parametrize("scope", [Scope.PAGE, Scope.PATH])
def test_the_first_page_of_a_bare_address_never_goes_out(scope):
    assert formats.withheld(entry(scope, "http://1.1.1.1/", host="1.1.1.1"), HEADER)


def test_one_page_on_a_bare_address_can_go_out():
    page = entry(Scope.PAGE, "http://192.0.2.1/ad", host="192.0.2.1")
    assert formats.withheld(page, HEADER) is None
    assert urls.left_out(page, HEADER) is None


@pytest.mark.parametrize("name", ["allowtest.list.example", "list.example", "below.allowtest.list.example"])
def test_whatever_touches_the_name_that_must_resolve_never_goes_out(name):
    assert formats.withheld(wide(name), HEADER)


def test_a_page_on_the_name_that_must_resolve_never_goes_out():
    assert formats.withheld(entry(Scope.PAGE, "https://allowtest.list.example/a", host="allowtest.list.example"), HEADER)


def test_the_test_name_is_not_listed_twice():
    assert formats.withheld(wide("blocktest.list.example"), HEADER)


def test_a_neighbour_of_the_test_names_goes_out():
    assert formats.withheld(wide("other.list.example"), HEADER) is None


def test_an_onion_service_is_not_held_back_as_a_suffix():
    assert formats.withheld(wide("2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"), HEADER) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "com", "a..example", ".a.example", "a.example.", "A.example", "a b.example", "a.example\n", "*.example", "-a.example",
        "bücher.example", "a/b.example", "a" * 64 + ".example", "1.2.3.4", "a.example#", "a;b.example",
        "$a.example", '"a".example', "@.example",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_name_is_no_name(text):
    assert not is_name(text)


@pytest.mark.parametrize(
    "text", ["a.example", "xn--bcher-kva.example", "_a.b_c.example", "a-b.example", "a.-b.example", "0.example", f"{'a' * 63}.example"]
)
def test_a_plain_name_is_one(text):
    assert is_name(text)


def name_of(length):
    labels = ["a" * 60] * 4
    name = ".".join(labels) + ".example"
    return name[len(name) - length :]


def test_a_name_that_just_fits_the_zone_is_carried():
    # 255 octets: a length octet before each label, and the root; so 253 characters with dots.
    longest = 253 - len("*.") - len(".rpz.list.example")
    assert rpz.left_out(wide(name_of(longest)), HEADER) is None


def test_a_name_one_too_long_for_the_zone_is_left_out():
    longest = 253 - len("*.") - len(".rpz.list.example")
    assert rpz.left_out(wide(name_of(longest + 1)), HEADER)


@pytest.mark.parametrize("name", ["32.1.2.0.192.rpz-ip", "ns.example.rpz-nsdname", "24.0.2.0.192.rpz-client-ip", "example.rpz-drop"])
def test_a_name_that_a_policy_zone_reads_as_an_instruction_is_left_out(name):
    assert rpz.left_out(wide(name), HEADER)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.net/a b", "https://example.net/a#b", "https://example.net/a\nb", 'https://example.net/"',
        "https://example.net/<", "ftp://example.net/", "https://user@example.net/", "https://example.net", "https://EXAMPLE.net/",
        "https://example.net/é", "https://example.net/*", "https://[2001:db8::1]/",
        "https://other.example/", "https://example.net/" + "a" * 2000, "javascript:alert(1)", "https://example.net:/", "",
    ],
)  # fmt: skip
def test_what_is_not_a_canonical_address_of_the_listed_host_is_left_out(address):
    assert urls.left_out(entry(Scope.PAGE, address, host="example.net"), HEADER)


@pytest.mark.parametrize("address", ["https://example.net/?a=1&b=%0A", "http://example.net/~a;b,c='d'(e)|f", "http://example.net:8080/$x"])
def test_a_canonical_address_is_carried(address):
    assert urls.left_out(entry(Scope.PAGE, address, host="example.net"), HEADER) is None


@pytest.mark.parametrize("address", ["https://example.net/a", "https://example.net/a/?b", "https://example.net/?b/"])
def test_a_path_that_is_no_prefix_of_folders_is_left_out(address):
    assert urls.left_out(entry(Scope.PATH, address, host="example.net"), HEADER)
