"""No public suffix and no much-used name can be listed whole, whoever agrees: every one of them by the facts, some through the verbs."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import publicsuffixlist
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import Database, driver_of
from app.known_hosts import load_known_hosts, packaged_hosts
from app.known_hosts.imported import HostList, Line
from app.known_hosts.packaged import LISTS, host_name, own_hosts, packaged_list, suffixes
from app.known_hosts.staging import Staging
from moderation import addresses, facts, resources, safeguards
from moderation.models import Listing
from moderation.vocabulary import Actor, Answers, Effect, HostClass, KnownHost, Proposed, Refused, Resource, Role, Scope, Target
from tests import builders
from tests.builders import NOON

MILLIONS = ("tranco", "google-chrome-crux-1million")
MODERATOR = Actor(person_id=1, role=Role.MODERATOR, name="")
ONE_IN = 40
"""One name in so many is looked at by `make test`, in every spelling; `make check` looks at all, in two."""
PARTS = 8
SEED = 20261127


@cache
def public_suffixes() -> tuple[str, ...]:
    """Every public suffix of the list, ICANN's and private ones, that has a dot: below a single label nothing whole can be listed."""
    rules = (line.split()[0] for line in Path(publicsuffixlist.PSLFILE).read_text(encoding="utf-8").splitlines() if line[:2].strip("/"))
    names = {name for rule in rules if not rule.startswith("!") and (name := host_name(rule))}
    return tuple(sorted(name for name in names if "." in name))


@cache
def most_used() -> tuple[str, ...]:
    """Every name of the lists of the top 10,000."""
    folders = (folder for folder, host_class, _ in LISTS if host_class is HostClass.POPULAR_10K)
    return tuple(sorted({known.host for folder in folders for known in packaged_list(folder)}))


def strongest() -> Iterator[KnownHost]:
    """Every line but those of the lists of a million, which refuse nothing."""
    for folder, _, _ in LISTS:
        if folder not in MILLIONS:
            yield from packaged_list(folder)
    yield from own_hosts()
    yield from suffixes()


def loaded(server, template: str, lines: Iterable[KnownHost]) -> Iterator[Database]:
    """A database of its own with these lines."""
    url = server.create(template=template)
    database = Database(url)
    with database.transaction() as session:
        load_known_hosts(driver_of(session), lines)
    yield database
    database.engine.dispose()
    server.drop(url)


@pytest.fixture(scope="module")
def strong(server, template) -> Iterator[Database]:
    yield from loaded(server, template, strongest())


@pytest.fixture(scope="module")
def full(server, template) -> Iterator[Database]:
    yield from loaded(server, template, packaged_hosts())


@pytest.fixture
def session(strong) -> Iterator[Session]:
    """A session on the loaded lists, rolled back when the test ends."""
    with strong.sessions() as session:
        yield session
        session.rollback()


# --- Every one of them, by what the facts alone say -----------------------------------------------------------------


def spellings(name: str) -> tuple[str, ...]:
    """The ways in which a name is written, pasted and disguised; first as it is."""
    plain = addresses.display_host(name)
    return (name, f"https://{name}./", f"HTTPS://{name.upper()}:8443/", f"http://{plain}/", f"//{plain.upper()}./a?b=1")


def in_one_way() -> Callable[[str], tuple[str, ...]]:
    """A name as it is, and in one other way, drawn for each: how a name is read does not depend on which name it is."""
    drawn = random.Random(SEED)
    return lambda name: (name, drawn.choice(spellings(name)[1:]))


def read(text: str) -> tuple[Resource, ...]:
    return resources.parse(text, text_digest=builders.digest_of_text)


def effect(session: Session, resource: Resource, target: Target) -> Effect:
    """The strongest of what the facts alone say; the answers can only add to it."""
    known = facts.known_hosts(session, target.text)
    seen = facts.about_target(session, resource, Answers(target=target), known, seat=1, by=MODERATOR, at=NOON)
    return max((finding.effect for finding in safeguards.run(seen, safeguards=safeguards.FROM_FACTS)), key=tuple(Effect).index)


def open_to_listing(session: Session, names: Iterable[str], *, spelled: Callable[[str], tuple[str, ...]] = spellings) -> list[str]:
    """Wide targets of these names, so spelled, that the facts do not refuse; and names that were read as something else."""
    found, seen = [], set()
    for name in names:
        hosts = set()
        for resource in read("\n".join(spelled(name))):
            # Below `t.me` each name is an account, which has no wide step.
            hosts.add(name if resource.kind == "messaging" else resource.host)
            wide = {target for target in resource.ladder if target.scope.is_wide} - seen
            seen |= wide
            found += [f"{name}: {target}" for target in sorted(wide, key=str) if effect(session, resource, target) is not Effect.BLOCK]
        # The lists hold what resolvers were asked for, `google.com.onion` too; that is no service's key, and read as words.
        if (None if name.endswith(".onion") else name) not in hosts:
            found.append(f"{name} was read as {sorted(map(str, hosts))}")
    return found


def around(name: str) -> list[str]:
    """The name, those above it, and one below: unless other people have the names below it."""
    below = [] if addresses.is_public_suffix(name) else [f"agent9.{name}"]
    return [*addresses.with_parents(name), *below]


def part_of(names: tuple[str, ...], part: int) -> Iterator[str]:
    yield from (one for name in names[part::PARTS] for one in around(name))


def some_of(names: tuple[str, ...]) -> Iterator[str]:
    yield from (one for name in random.Random(SEED).sample(names, len(names) // ONE_IN) for one in around(name))


@pytest.mark.parametrize("names", [public_suffixes, most_used])
def test_some_suffixes_and_much_used_names_cannot_be_listed_whole_in_any_spelling(session, names):
    assert open_to_listing(session, some_of(names())) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("names", [public_suffixes, most_used])
def test_no_suffix_and_no_much_used_name_can_be_listed_whole(full, names, part):
    with full.sessions() as session:
        assert open_to_listing(session, part_of(names(), part), spelled=in_one_way()) == []


@pytest.mark.parametrize("name", ["nordland.no", "xn--stfold-9xa.no"])
def test_a_name_above_suffixes_that_is_none_itself_cannot_be_listed_whole(session, name):
    assert not addresses.is_public_suffix(name)
    assert open_to_listing(session, [name]) == []


def test_a_tenant_of_a_private_suffix_stays_within_reach_and_the_suffix_never_is(session):
    tenant, suffix = read("agent9.github.io\ngithub.io")
    assert [effect(session, tenant, target) for target in tenant.ladder if target.scope.is_wide] == [Effect.THIRD]
    assert [effect(session, suffix, target) for target in suffix.ladder if target.scope.is_wide] == [Effect.BLOCK]


def test_a_list_that_an_operator_imports_holds_as_well(session, tmp_path):
    names = ("market.example", "www.paper.example", "deep.search.example")
    (tmp_path / "list.csv").write_text("host,class\n" + "".join(f"{name},popular\n" for name in names))
    open_before = open_to_listing(session, names)
    staging = Staging(driver_of(session), "our top list")
    staging.take(line for line in HostList.of(tmp_path / "list.csv").lines() if isinstance(line, Line))
    staging.write(replace=False)
    assert {text.rpartition(" ")[2] for text in open_before} == {*names, "paper.example", "search.example"}
    assert open_to_listing(session, [one for name in names for one in around(name)]) == []


# --- Some of them, through the verbs --------------------------------------------------------------------------------

TRIED = random.Random(SEED).sample(public_suffixes(), 6) + random.Random(SEED).sample(most_used(), 18)
TRIED_LONG = 150


def seats(session: Session) -> tuple[Actor, Actor, Actor]:
    return builders.person(session), builders.person(session), builders.person(session, Role.SENIOR)


def tries(session: Session, name: str, people: tuple[Actor, ...]) -> list[object]:
    """What comes of each wide step of the name's ladder, proposed by each person in turn."""
    found = builders.case(session, f"https://{name}/offer/7")
    (resource,) = read(f"https://{name}/offer/7")
    came, at = [], NOON
    for target in (target for target in resource.ladder if target.scope.is_wide):
        for person in people:
            at += timedelta(hours=1)
            came.append(builders.propose(session, found, person, builders.answers(target), at=at))
    return came


def listings(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Listing)) or 0


@pytest.mark.long
@pytest.mark.parametrize("name", TRIED)
def test_two_moderators_and_a_senior_cannot_list_it_whole(session, name):
    came = tries(session, name, seats(session))
    assert came, "there was nothing wide to try"
    assert [one for one in came if not isinstance(one, Refused)] == []
    assert all({"RS07", "RS08", "RS11"} & {finding.safeguard for finding in one.blocking} for one in came)
    assert listings(session) == 0


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_hundreds_more_cannot_be_listed_whole_by_three_people(full, part):
    drawn = random.Random(SEED + part)
    for name in drawn.sample(public_suffixes(), TRIED_LONG // 2) + drawn.sample(most_used(), TRIED_LONG // 2):
        with full.sessions() as session:
            came = tries(session, name, seats(session))
            assert [one for one in came if not isinstance(one, Refused)] == [], name
            assert listings(session) == 0
            session.rollback()


@pytest.mark.parametrize("wider", [Scope.HOST, Scope.DOMAIN])
def test_who_confirms_cannot_widen_a_page_of_a_much_used_name(session, wider):
    first, second, _ = seats(session)
    found = builders.case(session, "https://mail.google.com/offer/7")
    page, target = (builders.target("https://mail.google.com/offer/7", scope) for scope in (Scope.PAGE, wider))
    proposed = builders.propose(session, found, first, builders.answers(page))
    assert isinstance(proposed, Proposed)
    assert isinstance(builders.confirm(session, found, second, builders.answers(target)), Refused)
    assert listings(session) == 0


def test_the_tenant_of_a_private_suffix_is_listed_by_three_and_its_suffix_by_nobody(session):
    decided = builders.listed(session, "https://agent9.github.io/offer/7", Scope.DOMAIN)
    listing = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
    assert (listing.scope, listing.target, listing.third_id is not None) == (Scope.DOMAIN, "agent9.github.io", True)
    came = tries(session, "github.io", seats(session))
    assert came
    assert all(isinstance(one, Refused) for one in came)
    assert listings(session) == 1
