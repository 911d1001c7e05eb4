"""Canonical web addresses: our own rules on top of the URL standard, the ladder, and what covers an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import addresses, policy
from moderation.vocabulary import Scope, Target

PIECES = (
    *("/", "//", "..", "%2e", ";", "?", "&", "=", "#", "@", ":", ":80", ":443", "utm_source=1", "&utm_source=", "&sid=0123456789abcdef"),
    *(";jsessionid=1", "(S(aaaaaaaaaa))", "token=x", "a@b.test", "看", "。", "é", "xn--", "1.2.3.4", "0x7f.1", "[::1]", ".test", "evil."),
    *("co.uk", "%00", "%20", "\\", "*", "'", "|", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.x"),
)
rough_addresses = st.tuples(
    st.sampled_from(["http://", "https://", "http://evil.test/", "https://evil.test/a?", ""]),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join),
).map("".join)


def canonical(text):
    address = addresses.read(text)
    return None if address is None else address.text


def steps(text):
    return [(str(target.scope), target.text) for target in addresses.ladder(addresses.read(text))]


@given(rough_addresses)
def test_the_canonical_form_of_a_canonical_form_is_itself(text):
    first = canonical(text)
    assert first is None or canonical(first) == first


@given(rough_addresses)
def test_nothing_is_left_to_strip_from_a_canonical_form(text):
    first = canonical(text)
    assert first is None or addresses.read(first).stripped == ()


@pytest.mark.parametrize("spelling", ["http://evil.test/a", "https://evil.test/a", "http://evil.test:80/a", "https://EVIL.test.:443/a#x"])
def test_http_and_https_are_one_page(spelling):
    assert canonical(spelling) == "https://evil.test/a"


def test_http_on_the_port_of_https_stays_another_door():
    assert canonical("http://evil.test:443/") == "http://evil.test:443/"


def test_https_on_the_port_of_http_keeps_its_port():
    assert canonical("https://evil.test:80/") == "https://evil.test:80/"


def test_a_name_and_password_before_the_host_are_taken_off():
    address = addresses.read("https://anna:secret@evil.test/a")
    assert (address.text, address.stripped) == ("https://evil.test/a", ("userinfo",))


def test_a_fragment_is_taken_off():
    address = addresses.read("https://evil.test/a#anna")
    assert (address.text, address.stripped) == ("https://evil.test/a", ("fragment",))


@pytest.mark.parametrize(
    ("query", "kept", "stripped"),
    [
        ("utm_source=x&id=7&fbclid=y", "id=7", ("utm_source", "fbclid")),
        ("UTM%5FSource=x", "", ("utm_source",)),
        ("utm_anna_smith=x", "", ("utm_*",)),
        ("email=a%40b.test&x=1", "x=1", ("email",)),
        ("owner=a%40b.test", "", ("email",)),
        ("a@b.test", "", ("email",)),
        ("q=eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc", "", ("token",)),
        ("PHPSESSID=1", "", ("phpsessid",)),
        ("sid=0123456789abcdef0123", "", ("sid",)),
        ("sid=7", "sid=7", ()),
        ("mobile=1", "mobile=1", ()),
        ("mobile=%2B49-170-1234567", "", ("mobile",)),
        ("password=x&token=y", "", ("password", "token")),
        ("b=2&a=1&&c", "b=2&a=1&&c", ()),
        ("q=%7E~+%20", "q=%7E~+%20", ()),
        ("", "", ()),
    ],
)
def test_parameters_that_name_the_visitor_are_taken_off_and_the_rest_stays_as_it_came(query, kept, stripped):
    address = addresses.read(f"https://evil.test/a?{query}")
    assert (address.query, address.stripped) == (kept, stripped)


@given(st.text(min_size=6, max_size=12, alphabet="qxz0123456789"))
def test_no_stripped_value_is_told(secret):
    address = addresses.read(
        f"https://{secret}@evil.test/;jsessionid={secret}?utm_{secret}={secret}&{secret}@b.test&token={secret}#{secret}"
    )
    assert secret not in "".join((address.text, *address.stripped))


@pytest.mark.parametrize("path", ["/a;jsessionid=1F2E", "/a;JSESSIONID=1", "/(S(lit3py55t21z5v55vlm25s55))/a"])
def test_a_session_written_into_the_path_is_taken_off(path):
    assert canonical(f"https://evil.test{path}") == "https://evil.test/a"


def test_other_parameters_of_a_path_stay():
    assert canonical("https://evil.test/a;v=1/b") == "https://evil.test/a;v=1/b"


@pytest.mark.parametrize(
    "host", ["*.test", "a b.test", "e$vil.test", "a" * 64 + ".test", "a." * 127 + "test", "xn--.test", ";.test", "", "%00.test"]
)
def test_what_no_name_server_could_look_up_is_no_address(host):
    assert canonical(f"https://{host}/") is None


@pytest.mark.parametrize(
    "text", ["ftp://evil.test/", "javascript:alert(1)", "evil.test", "", "https://evil.test:65536/", "https://evil.test/\ud800"]
)
def test_what_is_no_web_address_is_none(text):
    assert canonical(text) is None


@pytest.mark.parametrize("host", ["evil.test.", "evil.test...", "evil..test", "EVIL。TEST"])
def test_dots_that_no_name_server_sees_are_taken_off(host):
    assert canonical(f"https://{host}/") == "https://evil.test/"


def test_an_address_in_hidden_number_form_is_shown_as_what_it_is():
    assert canonical("http://0x7f.1../") == "https://127.0.0.1/"


def test_the_ladder_goes_from_the_page_through_its_folders_to_its_name_and_domain():
    assert steps("https://www.evil.test/a/b/c?d=1") == [
        ("page", "https://www.evil.test/a/b/c?d=1"),
        ("path", "https://www.evil.test/a/b/"),
        ("path", "https://www.evil.test/a/"),
        ("host", "www.evil.test"),
        ("domain", "evil.test"),
    ]


def test_a_host_that_is_the_registrable_domain_has_no_host_step():
    assert steps("https://evil.test/a") == [("page", "https://evil.test/a"), ("domain", "evil.test")]


def test_one_persons_place_on_a_shared_platform_is_a_domain_of_its_own():
    assert steps("https://evil.github.io/") == [("page", "https://evil.github.io/"), ("domain", "evil.github.io")]


def test_a_public_suffix_keeps_its_host_step_for_a_safeguard_to_refuse():
    assert steps("https://github.io/") == [("page", "https://github.io/"), ("host", "github.io")]


@pytest.mark.parametrize("host", ["192.0.2.1", "[2001:db8::1]", "localhost", "com"])
def test_a_number_or_a_single_label_can_be_listed_at_page_and_path_alone(host):
    assert {scope for scope, _ in steps(f"https://{host}/a/b")} == {"page", "path"}


def test_a_folder_keeps_the_port_so_that_it_covers_no_other_door():
    assert ("path", "https://evil.test:8080/a/") in steps("https://evil.test:8080/a/b")


def test_a_path_of_a_thousand_slashes_has_a_bounded_ladder():
    assert len(steps("https://evil.test/" + "a/" * 900)) == policy.FOLDER_LEVELS + 2


def test_every_name_above_a_host_covers_it_at_both_wide_scopes():
    assert addresses.name_coverage("a.evil.test") == (
        Target(Scope.HOST, "a.evil.test"),
        Target(Scope.DOMAIN, "a.evil.test"),
        Target(Scope.HOST, "evil.test"),
        Target(Scope.DOMAIN, "evil.test"),
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "[::1]", "localhost"])
def test_no_name_covers_a_number_or_a_single_label(host):
    assert addresses.name_coverage(host) == ()


@pytest.mark.parametrize("target", ["https://www.evil.test/a/", "http://www.evil.test:443/", "www.evil.test/a?u=https://b.test"])
def test_a_page_or_path_target_tells_its_host(target):
    assert addresses.host_of(target) == "www.evil.test"


def test_a_target_that_is_no_address_tells_no_host():
    with pytest.raises(ValueError, match="not a canonical address"):
        addresses.host_of("https://*/")


def test_an_onion_name_is_registered_by_nobody():
    assert addresses.registrable_domain("a" * 56 + ".onion") is None


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("xn--85x722f.xn--55qx5d.cn", "食狮.公司.cn"),
        ("evil.test", "evil.test"),
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("xn--ggle-55da.com", "xn--ggle-55da.com"),  # Latin and Cyrillic mixed
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),  # Cyrillic that looks like "apple"
        ("xn--a.test", "xn--a.test"),  # no valid name
    ],
)
def test_a_host_is_shown_in_its_own_letters_where_that_cannot_mislead(host, shown):
    assert addresses.display_host(host) == shown
