"""Reading what a moderator typed: form only, never content."""

from datetime import UTC, datetime, timedelta

import pytest

from app.desk import forms
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Element, Scope, Target
from tests import builders

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LADDER = (Target(Scope.PAGE, "https://jobs.test/offer/7"), Target(Scope.DOMAIN, "jobs.test"))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("FR, BE", ("FR", "BE")),
        ("fr be", ("FR", "BE")),
        ("France; united states; FR", ("FR", "US")),
        ("الفلبين، fr", ("الفلبين", "FR")),
        ("Côte d'Ivoire", ("CI",)),
        ("UK, Narnia", ("UK", "NARNIA")),
        (" , ;\n", ()),
        ("", ()),
    ],
)
def test_territories_are_read_from_codes_and_names(typed, codes):
    assert forms.territories(typed) == codes


def test_stored_answers_come_back_as_they_were_typed():
    given = builders.answers()
    again = forms.read_answers(forms.written(given), (given.target,))
    assert again.faults == {}
    assert again.answers == given


def test_only_a_step_of_the_ladder_can_be_chosen():
    read = forms.read_answers({"target": "domain|example.org", "sent_none_of_the_reports": "1"}, LADDER)
    assert read.answers.target is None
    assert "target" in read.faults


def test_an_element_without_words_is_no_evidence():
    form = {"evidence_act": " \r\n ", "evidence_act_first_hand": "1", "evidence_purpose": "Debt.", "sent_none_of_the_reports": "1"}
    assert [item.element for item in forms.read_answers(form, LADDER).answers.evidence] == [Element.PURPOSE]


@pytest.mark.parametrize("typed", ["", "0", "x", "-1", "1.5", "٣x", "9" * 400, "\x00"])
def test_a_version_that_cannot_be_read_is_one_that_no_case_has(typed):
    assert forms.read_answers({"version": typed}, LADDER).version == 0


@pytest.mark.parametrize("typed", ["-1", "NaN", "1e3", "99999", "9" * 5_000])
def test_days_that_are_no_number_of_days_are_told_at_their_field(typed):
    assert "expires_after" in forms.read_answers({"expires_after": typed}, LADDER).faults


def test_days_may_be_written_in_the_digits_of_ones_own_language():
    assert forms.read_answers({"expires_after": "٩٠"}, LADDER).answers.expires_after == timedelta(days=90)


@pytest.mark.parametrize(
    ("typed", "sent_at"),
    [
        ("2026-11-20", datetime(2026, 11, 20, 23, 59, tzinfo=UTC)),
        ("2026-11-24", NOW),
        ("2026-11-20T08:30", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30+02:00", datetime(2026, 11, 20, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_day_without_a_time_counts_from_its_end_so_that_no_wait_comes_out_too_short(typed, sent_at):
    assert forms.read_notice({"recipient": "abuse@host.example", "proof": "1", "sent_at": typed}, now=NOW).sent_at == sent_at


@pytest.mark.parametrize(
    "typed", ["", "20/11/2026", "2026-13-01", "0000-00-00", "9999-12-31", "0001-01-01T00:00+14:00", "2026-11-25", "\x00"]
)
def test_a_day_that_is_none_or_has_not_come_is_a_fault(typed):
    assert "sent_at" in forms.read_notice({"recipient": "abuse@host.example", "proof": "1", "sent_at": typed}, now=NOW).faults


def test_a_filter_that_means_nothing_is_passed_over():
    filters = forms.read_filters({"state": "gone", "kind": "x", "category": "y", "lane": "z", "page": "-3"}, ("web_page",))
    assert filters == Filters(state=State.WAITING)
