"""The packaged host lists as they are, and what the safeguards make of every name on the strongest of them."""

import csv
import resource
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from app import embedded
from app.known_hosts import SOURCES, load_known_hosts, packaged, packaged_hosts
from app.known_hosts.packaged import (
    LISTS,
    NEVER_SOURCE,
    PRIVATE_SOURCE,
    BrokenListError,
    entries,
    host_name,
    list_file,
    never_list,
    packaged_list,
    suffixes,
)
from moderation import addresses, policy
from moderation.models import KnownHostRow
from moderation.safeguards import _example as example
from moderation.safeguards import rs08_shared, rs11_popular
from moderation.vocabulary import Effect, HostClass, KnownHost, Resource, Scope, Target

NEVER_FILE = Path(packaged.__file__).with_name("never.csv")


MILLIONS = ("tranco", "google-chrome-crux-1million")


@pytest.fixture(scope="module")
def strongest() -> tuple[KnownHost, ...]:
    """Every line but those of the two lists of a million, which refuse nothing and take seconds to read."""
    folders = (folder for folder, _, _ in LISTS if folder not in MILLIONS)
    return (*(known for folder in folders for known in packaged_list(folder)), *never_list(), *suffixes())


# --- What the lists hold --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "host_class"),
    [
        ("www.google.com", HostClass.INFRASTRUCTURE),
        ("www.google.com", HostClass.POPULAR_10K),
        ("abnamro.com", HostClass.BANK),
        ("abdn.ac.uk", HostClass.UNIVERSITY),
        ("duckdns.org", HostClass.DYNAMIC_DNS),
        ("tinyurl.com", HostClass.SHORTENER),
        ("linktr.ee", HostClass.LINK_IN_BIO),
        ("pages.dev", HostClass.PLATFORM),
        ("gov.uk", HostClass.NEVER),
        ("thehotline.org", HostClass.NEVER),
    ],
)
def test_a_well_known_host_has_its_class(strongest: tuple[KnownHost, ...], host: str, host_class: HostClass) -> None:
    assert host_class in {known.host_class for known in strongest if known.host == host}


@pytest.mark.long
def test_the_lists_hold_over_a_million_canonical_names_and_are_read_without_being_held() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = Counter((known.source, known.host == known.host.lower().strip(".*") and known.host.isascii()) for known in packaged_hosts())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert count["Tranco top million", True] == 1_000_000
    assert count.total() > 1_900_000
    assert set(count) <= {(source, True) for source in SOURCES}
    # A million names held as strings are over 60 MB. What is counted here is the mapped file, of which the kernel keeps what it likes.
    assert grown < 40 * 1024


@pytest.mark.parametrize("folder", [folder for folder, _, _ in LISTS])
def test_only_lists_of_names_are_taken(folder: str) -> None:
    text = list_file(folder).read_text(encoding="utf-8")
    assert '"type": "hostname"' in text or '"type": "string"' in text


def test_the_packaged_lists_carry_no_rank_since_they_are_sorted_by_name() -> None:
    names = list(entries(list_file("tranco10k")))
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (".Google.COM", "google.com"),
        ("*.compute.example", "compute.example"),
        ("parking.example.", "parking.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("under_score.example", "under_score.example"),
        ("192.0.2.1", None),
        ("iespdytst", None),
        ("corona helden", None),
        ("www.undeveloped.com----type.in", "www.undeveloped.com----type.in"),
        ("", None),
        ("a" * 64 + ".example", None),
        ("x." * 127 + "example", None),
    ],
)
def test_a_line_becomes_a_name_or_is_left_out(text: str, name: str | None) -> None:
    assert host_name(text) == name


@pytest.mark.parametrize("text", ['{"name": "no list"}', '{"list": ["cut.example", "off.ex'])
def test_half_a_list_is_no_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(BrokenListError):
        list(entries(tmp_path / "list.json"))


def test_a_list_is_read_whatever_its_layout_and_escapes(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(r'{"description":"a \"list\"","list" :["a.example",' + '\n"b\\u002eexample"],"type":"hostname"}')
    assert list(entries(tmp_path / "list.json")) == ["a.example", "b.example"]


# --- The never-list -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def never_lines() -> list[dict[str, str]]:
    with NEVER_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_line_of_the_never_list_says_why_and_where_it_was_seen(never_lines: list[dict[str, str]]) -> None:
    groups = {"government", "education", "infrastructure", "emergency", "survivor_support", "hotline", "browser_update"}
    for line in never_lines:
        assert line["group"] in groups, line
        assert line["why"], line
        assert line["seen"].startswith(("https://", "http://")), line


def test_the_never_list_names_each_host_once_in_canonical_form(never_lines: list[dict[str, str]]) -> None:
    hosts = [line["host"] for line in never_lines]
    assert len(hosts) == len(set(hosts))
    assert [host for host in hosts if host != (host_name(host) or host.lower())] == []


@pytest.mark.parametrize("group", ["emergency", "government", "survivor_support", "browser_update"])
def test_the_never_list_covers_what_the_packaged_lists_miss(never_lines: list[dict[str, str]], group: str) -> None:
    assert group in {line["group"] for line in never_lines}


# --- What the safeguards make of them -------------------------------------------------------------------------------


def of_class(lines: tuple[KnownHost, ...], host_class: HostClass) -> Iterator[KnownHost]:
    return (known for known in lines if known.host_class is host_class)


def wide_effects(name: str, lines: tuple[KnownHost, ...], below: tuple[KnownHost, ...] = ()) -> list[Effect]:
    """What RS08 and RS11 say of every whole target of a name, with the lines that its look-up would find."""
    registrable = addresses.registrable_domain(name)
    listed = Resource(kind="domain", canonical=name, host=name, domain=registrable, ladder=addresses.name_steps(name))
    found = []
    for target in (Target(Scope.HOST, name), Target(Scope.DOMAIN, name)):
        facts = example.facts(
            resource=listed, target=target, known_hosts=lines, known_below=below, is_public_suffix=addresses.is_public_suffix(name)
        )
        found.append(max((rs08_shared.check(facts).effect, rs11_popular.check(facts).effect), key=tuple(Effect).index))
    return found


@pytest.mark.long
@pytest.mark.parametrize("host_class", sorted(policy.BLOCKED_CLASSES))
def test_no_essential_host_of_any_list_can_be_listed_whole(strongest: tuple[KnownHost, ...], host_class: HostClass) -> None:
    open_to_listing = [known.host for known in of_class(strongest, host_class) if set(wide_effects(known.host, (known,))) != {Effect.BLOCK}]
    assert open_to_listing == []


@pytest.mark.long
@pytest.mark.parametrize("host_class", sorted(policy.BLOCKED_CLASSES))
def test_no_name_above_an_essential_host_can_be_listed_whole(strongest: tuple[KnownHost, ...], host_class: HostClass) -> None:
    open_to_listing = [
        (known.host, parent)
        for known in of_class(strongest, host_class)
        for parent in addresses.with_parents(known.host)[1:]
        if set(wide_effects(parent, (), (known,))) != {Effect.BLOCK}
    ]
    assert open_to_listing == []


@pytest.mark.long
@pytest.mark.parametrize("host_class", sorted(policy.BLOCKED_CLASSES - {HostClass.NEVER}))
def test_no_name_below_an_essential_site_can_be_listed_whole(strongest: tuple[KnownHost, ...], host_class: HostClass) -> None:
    # Below a public suffix stand other people's sites: there the suffix's own fame says nothing.
    sites = (known for known in of_class(strongest, host_class) if not addresses.is_public_suffix(known.host))
    open_to_listing = [known.host for known in sites if set(wide_effects(f"mail.{known.host}", (known,))) != {Effect.BLOCK}]
    assert open_to_listing == []


def test_every_name_below_the_never_list_is_out_of_reach() -> None:
    assert [known.host for known in never_list() if set(wide_effects(f"mail.{known.host}", (known,))) != {Effect.BLOCK}] == []


def test_a_tenant_of_every_private_suffix_waits_for_a_senior_and_is_not_refused(strongest: tuple[KnownHost, ...]) -> None:
    # Where the rule is a wildcard, `agent9` below it is a public suffix itself.
    private = (known for known in strongest if known.source == PRIVATE_SOURCE)
    tenants = ((f"agent9.{known.host}", known) for known in private if addresses.registrable_domain(f"agent9.{known.host}") is not None)
    refused = [name for name, known in tenants if wide_effects(name, (known,)) != [Effect.THIRD, Effect.THIRD]]
    assert refused == []


# --- Into the table -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def connection() -> Iterator[psycopg.Connection[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with embedded.open_database(Path(folder) / "data", durable=False) as url:
            engine = create_engine(url)
            KnownHostRow.metadata.create_all(engine, tables=[KnownHostRow.__table__])
            engine.dispose()
            parts = make_url(url)
            with psycopg.connect(host=str(parts.query["host"]), user=parts.username, dbname=parts.database) as open_connection:
                yield open_connection


@pytest.fixture
def table(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    yield connection
    connection.rollback()


def lines_of(connection: psycopg.Connection[Any]) -> set[tuple[str, str, str, int | None]]:
    return set(connection.execute("SELECT host, class, source, rank FROM known_host").fetchall())


BANK = KnownHost(host="bank.test", host_class=HostClass.BANK, source="one")
TOP = KnownHost(host="top.test", host_class=HostClass.POPULAR_1M, source="two", rank=7)


@pytest.mark.long
def test_lines_are_taken_in_with_their_rank(table: psycopg.Connection[Any]) -> None:
    assert load_known_hosts(table, [BANK, TOP]) == 2
    assert lines_of(table) == {("bank.test", "bank", "one", None), ("top.test", "popular_1m", "two", 7)}


def test_a_second_load_replaces_a_source_whole_and_leaves_the_others(table: psycopg.Connection[Any]) -> None:
    load_known_hosts(table, [BANK, TOP])
    load_known_hosts(table, [KnownHost(host="new.test", host_class=HostClass.POPULAR_1M, source="two", rank=1)])
    assert lines_of(table) == {("bank.test", "bank", "one", None), ("new.test", "popular_1m", "two", 1)}


def test_a_rank_that_changed_is_changed(table: psycopg.Connection[Any]) -> None:
    load_known_hosts(table, [TOP])
    load_known_hosts(table, [KnownHost(host="top.test", host_class=HostClass.POPULAR_1M, source="two", rank=9)])
    assert lines_of(table) == {("top.test", "popular_1m", "two", 9)}


def test_a_list_that_became_empty_is_emptied(table: psycopg.Connection[Any]) -> None:
    load_known_hosts(table, [BANK, TOP])
    assert load_known_hosts(table, [], sources=["one"]) == 0
    assert lines_of(table) == {("top.test", "popular_1m", "two", 7)}


def test_a_name_that_a_list_holds_twice_is_kept_once_at_its_best_rank(table: psycopg.Connection[Any]) -> None:
    worse = KnownHost(host="top.test", host_class=HostClass.POPULAR_1M, source="two", rank=900)
    assert load_known_hosts(table, [worse, TOP, worse]) == 1
    assert lines_of(table) == {("top.test", "popular_1m", "two", 7)}


def test_a_load_that_fails_half_way_changes_nothing(table: psycopg.Connection[Any]) -> None:
    load_known_hosts(table, [BANK])
    table.execute("SAVEPOINT before")

    def cut_off() -> Iterator[KnownHost]:
        yield TOP
        raise BrokenListError

    with pytest.raises(BrokenListError):
        load_known_hosts(table, cut_off())
    table.execute("ROLLBACK TO before")
    assert lines_of(table) == {("bank.test", "bank", "one", None)}


def test_a_load_never_commits_and_leaves_the_index_in_place(table: psycopg.Connection[Any]) -> None:
    load_known_hosts(table, [BANK])
    indexes = table.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'known_host'").fetchall()
    assert {name for (name,) in indexes} == {"pk_known_host", "ix_known_host_below"}
    table.rollback()
    assert lines_of(table) == set()


def test_the_never_list_is_among_the_sources_that_a_load_replaces() -> None:
    assert NEVER_SOURCE in SOURCES
