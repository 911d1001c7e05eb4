"""What moderators meet at the safeguards: stories of fictional cases, told through the checks that ran."""

from dataclasses import replace
from typing import Any

import pytest

from moderation import policy
from moderation.safeguards import _example as example
from moderation.safeguards import blocks, needs_third, run
from moderation.vocabulary import (
    CaseFacts,
    Conflict,
    Effect,
    Evidence,
    EvidenceSource,
    Finding,
    HostClass,
    Resource,
    Scope,
    Statement,
    Target,
)

DOMAIN = Target(Scope.DOMAIN, "jobs.test")


def effects(facts: CaseFacts) -> dict[str, Effect]:
    return {finding.safeguard: finding.effect for finding in run(facts)}


def refusals(facts: CaseFacts) -> dict[str, Finding]:
    return {finding.safeguard: finding for finding in blocks(run(facts))}


def told(finding: Finding) -> str:
    return finding.reason % finding.values


# --- A complete case ------------------------------------------------------------------------------------------------


def test_a_complete_case_for_one_page_passes_every_safeguard() -> None:
    assert set(effects(example.facts()).values()) == {Effect.PASS}


def test_findings_come_in_the_order_of_their_numbers() -> None:
    found = [finding.safeguard for finding in run(example.facts())]
    assert found == sorted(found)


def test_an_empty_form_is_told_everything_that_is_missing_at_once() -> None:
    facts = example.facts(
        target=None, territories=(), provision="", evidence=(), lifeline="", statement=replace(example.COMPLETE.statement, facts="")
    )
    assert refusals(facts).keys() == {"RS01", "RS02", "RS04", "RS07", "RS08", "RS09", "RS10", "RS11", "RS16", "RS23", "RS24"}


@pytest.mark.parametrize("scope", [Scope.HOST, Scope.DOMAIN])
def test_a_whole_name_always_needs_a_third_seat(scope: Scope) -> None:
    assert needs_third((), Target(scope, "www.jobs.test"))


@pytest.mark.parametrize("scope", [Scope.PAGE, Scope.PATH])
def test_a_part_of_a_site_needs_no_third_seat_by_itself(scope: Scope) -> None:
    facts = example.facts(target=example.PAGE if scope is Scope.PAGE else example.PATH)
    assert not needs_third(run(facts), facts.target)


# --- Evidence -------------------------------------------------------------------------------------------------------


def test_thirty_reports_of_the_same_words_are_one_item() -> None:
    words = example.EVIDENCE[0]
    reports = tuple(replace(words, source=source) for source in (EvidenceSource.REPORT, EvidenceSource.OTHER_REPORT)) * 15
    finding = refusals(example.facts(evidence=reports, report_count=30))["RS04"]
    assert "30 items, 1 different texts, 2 different sources" in told(finding)


def test_a_case_does_not_get_stronger_by_more_reports() -> None:
    weak = example.facts(evidence=example.EVIDENCE[:1])
    assert refusals(weak)["RS04"] == refusals(replace(weak, report_count=500))["RS04"]


@pytest.mark.parametrize(
    "disguise",
    [str.upper, lambda text: f"  {text}!!! ", lambda text: text.replace("e", "e\u200b"), lambda text: text.replace(" ", "\u3000")],
)
def test_the_same_words_in_disguise_are_no_second_item(disguise: Any) -> None:
    first = Evidence(element=example.EVIDENCE[0].element, text="They keep the passports of everyone.", source=EvidenceSource.PAGE)
    second = replace(first, text=disguise(first.text), source=EvidenceSource.REPORT)
    assert "RS04" in refusals(example.facts(evidence=(first, second)))


def test_a_child_needs_no_means_but_an_adult_does() -> None:
    without_means = (example.EVIDENCE[0], example.EVIDENCE[2])
    assert "RS02" not in refusals(example.facts(evidence=without_means, under_18=True))
    assert refusals(example.facts(evidence=without_means))["RS02"].field == "evidence_means"


def test_each_missing_element_is_told_at_its_own_field() -> None:
    missing = [finding for finding in blocks(run(example.facts(evidence=()))) if finding.safeguard == "RS02"]
    assert [finding.field for finding in missing] == ["evidence_act", "evidence_means", "evidence_purpose"]
    assert len({finding.reason for finding in missing}) == 3


def test_what_a_check_finds_at_other_fields_stands_beside_its_first_finding_and_is_kept_once() -> None:
    found = run(example.facts(provision="", territories=("UK",), statement=Statement()))
    fields = [finding.field for finding in blocks(found)]
    assert fields == ["provision", "territories", "statement_facts", "statement_legal_ground", "statement_explanation"]
    assert [finding for finding in found if finding.more] == []


def test_a_re_review_is_measured_by_an_end_that_can_be() -> None:
    late = example.facts(expires_after=None, review_after=policy.REVIEW_AFTER[Scope.PAGE])
    assert [finding.field for finding in blocks(run(late))] == ["expires_after"]
    both = example.facts(expires_after=None, review_after=policy.LISTING_LIFETIME[Scope.PAGE])
    assert [finding.field for finding in blocks(run(both))] == ["expires_after", "review_after"]


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u200b", "-", "n/a", "no", "xxxxxxxxxxxxxxxxxxxx", "1 1 1 1 1 1 1 1 1 1 1"])
def test_a_blank_answer_about_lifelines_is_seen(blank: str) -> None:
    assert refusals(example.facts(lifeline=blank))["RS16"].field == "lifeline"


@pytest.mark.parametrize(
    "words", ["young looking photo", "New in town", "screens clients", "19 years old", "Девушке 19 лет", "她19岁，刚到本市"]
)
def test_words_that_only_name_a_weak_cue_are_no_basis_though_nobody_ticked_it(words: str) -> None:
    said = tuple(replace(item, text=words) for item in example.EVIDENCE)
    assert refusals(example.facts(evidence=said))["RS05"].field == "evidence_act"


def test_the_word_list_asks_back_and_a_written_answer_settles_it() -> None:
    news = "Two men were convicted of keeping workers in a barn."
    asked = refusals(example.facts(facilitation=news))["RS03"]
    assert asked.field == "explained_RS03"
    assert "convicted" in told(asked)
    answered = example.facts(facilitation=news, explained={"RS03": "The advert itself boasts of the boss's sentence as a threat."})
    assert not refusals(answered)


# --- Protected and hacked sites, growth of the list -----------------------------------------------------------------


def test_a_helpline_is_refused_wider_than_a_page_and_the_list_says_why() -> None:
    lines = (replace(example.known("jobs.test", HostClass.PROTECTED, source="the charities"), protected_as="survivor_support"),)
    finding = refusals(example.facts(target=example.PATH, known_hosts=lines))["RS07"]
    assert "Support for survivors" in told(finding)
    assert "the charities" in told(finding)


def test_a_page_of_a_helpline_waits_for_a_senior() -> None:
    facts = example.facts(known_hosts=(example.known("jobs.test", HostClass.PROTECTED),))
    assert not refusals(facts)
    assert needs_third(run(facts), facts.target)


def test_a_hacked_site_can_be_listed_at_a_page_once_the_owner_knows_and_a_takedown_is_not_enough() -> None:
    told_owner = replace(example.NOTIFIED, recipient="the dentist", proof="a call")
    facts = example.facts(hacked=True, notices=(told_owner,))
    assert refusals(facts).keys() == {"RS15"}
    assert not refusals(
        replace(facts, answers=replace(facts.answers, explained={"RS15": "The owner cannot be reached, the clinic closed."}))
    )


@pytest.mark.parametrize(("listed", "size", "refused"), [(24, 0, False), (25, 0, True), (25, 10_000, False), (500, 10_000, True)])
def test_a_day_may_bring_twenty_five_or_a_twentieth_of_the_list(listed: int, size: int, refused: bool) -> None:
    assert ("RS12" in refusals(example.facts(listed_in_a_day=listed, list_size=size))) is refused


# --- Shared and popular hosts ---------------------------------------------------------------------------------------


def test_one_account_of_a_free_host_can_be_listed_but_never_the_host() -> None:
    resource = example.site("freehost.example", page="u/agent9/")
    hosting = (example.known("freehost.example", HostClass.HOSTING, source="a list of free hosts"),)
    account = example.facts(resource=resource, target=Target(Scope.PATH, "https://www.freehost.example/u/agent9/"), known_hosts=hosting)
    everyone = example.facts(resource=resource, target=Target(Scope.DOMAIN, "freehost.example"), known_hosts=hosting)
    assert not refusals(account)
    assert "a list of free hosts" in told(refusals(everyone)["RS08"])


def test_a_name_on_a_platform_waits_for_a_senior_and_is_not_refused() -> None:
    facts = example.facts(
        resource=example.site("agent9.pages.test", host="agent9.pages.test"),
        target=Target(Scope.DOMAIN, "agent9.pages.test"),
        known_hosts=(example.known("pages.test", HostClass.PLATFORM), example.known("pages.test", HostClass.POPULAR_10K)),
    )
    assert not refusals(facts)
    assert effects(facts)["RS08"] is Effect.THIRD


@pytest.mark.parametrize("address", ["203.0.113.9", "[2001:db8::9]"])
@pytest.mark.parametrize("scope", [Scope.HOST, Scope.DOMAIN])
def test_no_bare_address_can_be_listed(address: str, scope: Scope) -> None:
    resource = Resource(kind="web_page", canonical=f"http://{address}/", host=address)
    assert "RS08" in refusals(example.facts(resource=resource, target=Target(scope, address)))


@pytest.mark.parametrize("page", ["", "?id=4"])
def test_the_first_page_of_a_bare_address_cannot_be_listed(page: str) -> None:
    resource = Resource(kind="web_page", canonical=f"http://203.0.113.9/{page}", host="203.0.113.9")
    assert "RS08" in refusals(example.facts(resource=resource, target=Target(Scope.PAGE, f"http://203.0.113.9/{page}")))


@pytest.mark.parametrize("host_class", sorted(policy.BLOCKED_CLASSES))
@pytest.mark.parametrize("where", ["known_hosts", "known_below"])
def test_an_essential_name_cannot_be_listed_whole(host_class: HostClass, where: str) -> None:
    lines = (example.known("www.jobs.test", host_class, source="the list"),)
    finding = refusals(example.facts(target=DOMAIN, **{where: lines}))["RS11"]
    assert "www.jobs.test" in told(finding)
    assert "the list" in told(finding)


@pytest.mark.parametrize("host_class", sorted(policy.BLOCKED_CLASSES | policy.PLATFORM_CLASSES))
def test_a_page_of_an_essential_or_shared_site_can_be_listed(host_class: HostClass) -> None:
    assert not refusals(example.facts(known_hosts=(example.known("www.jobs.test", host_class),)))


def test_a_sub_domain_of_a_popular_site_cannot_be_listed_whole() -> None:
    facts = example.facts(target=example.HOST, known_hosts=(example.known("jobs.test", HostClass.POPULAR_10K, rank=812),))
    assert "#812" in told(refusals(facts)["RS11"])


def test_a_path_that_is_the_whole_site_is_held_like_the_site() -> None:
    root = Target(Scope.PATH, "https://www.jobs.test/")
    facts = example.facts(target=root, known_hosts=(example.known("www.jobs.test", HostClass.BANK),))
    assert "RS11" in refusals(facts)


def test_every_name_below_a_government_suffix_is_out_of_reach() -> None:
    facts = example.facts(
        resource=example.site("visa.gov.test", host="visa.gov.test"),
        target=Target(Scope.DOMAIN, "visa.gov.test"),
        known_hosts=(example.known("gov.test", HostClass.NEVER),),
    )
    assert "RS11" in refusals(facts)


def test_the_heaviest_list_is_told_first() -> None:
    lines = (example.known("jobs.test", HostClass.POPULAR_1M), example.known("jobs.test", HostClass.NEVER, source="never-list"))
    assert "never-list" in told(refusals(example.facts(target=DOMAIN, known_hosts=lines))["RS11"])


# --- Scope, conflict, statement, time -------------------------------------------------------------------------------


def test_the_narrowest_step_without_a_reason_is_proposed() -> None:
    refused = blocks(run(example.facts(target=DOMAIN, narrower_tried={"page": example.TRIED["page"]})))
    finding, *others = (finding for finding in refused if finding.safeguard == "RS09")
    assert finding.field == "narrower_path"
    assert [other.field for other in others] == ["narrower_host"]
    assert "https://www.jobs.test/offer/" in finding.way_forward % finding.values


def test_whoever_has_a_stake_is_locked_out_whatever_the_scope() -> None:
    assert refusals(example.facts(conflict=Conflict.MINE)).keys() == {"RS21"}


def test_a_government_flag_on_a_page_waits_for_a_senior() -> None:
    facts = example.facts(conflict=Conflict.GOVERNMENT, conflict_note="Ministry of the Interior, order 12/2026")
    assert not refusals(facts)
    assert needs_third(run(facts), facts.target)


def test_the_second_seat_needs_no_statement_but_everything_else() -> None:
    blank = replace(example.COMPLETE.statement, facts="", legal_ground="", explanation="")
    assert refusals(example.facts(seat=2, statement=blank, lifeline="")).keys() == {"RS16"}


@pytest.mark.parametrize("target", [example.PAGE, example.PATH, example.HOST, example.DOMAIN])
def test_the_longest_listing_of_each_scope_is_one_day_short_of_refusal(target: Target) -> None:
    longest = {"expires_after": policy.LISTING_LIFETIME[target.scope], "review_after": policy.REVIEW_AFTER[target.scope]}
    longer = {name: length + policy.LISTING_LIFETIME[target.scope] / 1000 for name, length in longest.items()}
    assert "RS24" not in refusals(example.facts(target=target, **longest))
    assert "RS24" in refusals(example.facts(target=target, **longer))
