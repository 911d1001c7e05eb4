"""Moderators read the desk in their own language: whatever a page looks up stands in the catalogues, lists are written as there."""

import re
from datetime import timedelta

import pytest
from babel import support
from sqlalchemy import select, update

from app import catalogues, clock, languages
from app.indicators import CHECKLIST
from moderation import publishing
from moderation.models import Case, KnownHostRow
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import Role
from tests import builders
from tests.web.visitors import VERSION, answers, assess, claim, database_of, new_site, one_app, report, rung, send, signed_in

SPOKEN = ("ar", "es", "fr", "ru", "zh")
LOOKING = "Text first: before you open it, turn pictures and sound off in your browser."


class Asked(support.NullTranslations):
    """What a page looked up and the catalogue before this one does not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: set[str] = set()

    def gettext(self, message: str) -> str:
        self.sentences.add(message)
        return message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        self.sentences.add(singular)
        return singular if number == 1 else plural


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def quiet(server, template, tmp_path):
    """An instance of the test's own, where nobody has decided anything yet."""
    yield from one_app(server, template, tmp_path)


@pytest.fixture
def asked(app):
    """Every sentence that pages in French look up in vain while the test runs."""
    found = Asked()
    app.extensions[languages.EXTENSION].translations("fr").add_fallback(found)
    return found.sentences


def speaking(visitor, tag):
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = tag
    return visitor


def told(page, sentence):
    """The page holds this sentence as HTML writes it."""
    return sentence in page.replace("&#39;", "'").replace("&#34;", '"')


def translated(app, tag, sentence):
    return app.extensions[languages.EXTENSION].translations(tag).gettext(sentence)


def protected(app, host, group):
    with database_of(app).transaction() as session:
        session.add(KnownHostRow(host=host, host_class="protected", source="our partners", protected_as=group))


def listed_page(app):
    """A listing that networks have, with the reference of its case."""
    with database_of(app).transaction() as session:
        listed = builders.listed(session, new_site(), at=clock.now())
        publishing.release(session, at=clock.now())
        return listed.listing, session.scalars(select(Case.reference).order_by(Case.id.desc()).limit(1)).one()


@pytest.mark.long
def test_no_page_of_a_case_looks_up_a_word_that_no_catalogue_can_hold(app, asked):
    senior = speaking(signed_in(app, Role.SENIOR), "fr")
    protected(app, "rights.test", "sex_workers_rights")
    case = report(app, "https://www.rights.test/offer/7", danger_now=True)
    claim(senior, case)
    senior.get(f"/desk/cases/{case}")
    refused = send(senior, case, "propose", {"target": rung(senior, "page"), **answers(still_there="")})
    assert refused.status_code == 422
    listing, of = listed_page(app)
    senior.get("/desk/listings")
    senior.post(f"/desk/listings/{listing}/delist", {"because": "Le propriétaire a retiré la page."})
    senior.get(f"/desk/cases/{of}")
    for page in ("queue", "queue?mine=1", "listings", "overview", "growth"):
        assert senior.get(f"/desk/{page}").status_code == 200
    source = catalogues.gathered()
    assert {sentence for sentence in asked if source.get(sentence) is None} == set()


@pytest.mark.long
@pytest.mark.parametrize("tag", SPOKEN)
def test_the_indicators_stand_in_the_moderators_language(app, tag):
    moderator, case = speaking(signed_in(app), tag), report(app)
    claim(moderator, case)
    page = moderator.get(f"/desk/cases/{case}").text
    for sentence in CHECKLIST.sentences():
        assert sentence not in page
        assert told(page, translated(app, tag, sentence))


@pytest.mark.long
def test_a_case_that_burdens_a_group_names_it_in_french(app):
    moderator, case = speaking(signed_in(app), "fr"), report(app, "https://www.shelter.test/offer/7")
    protected(app, "shelter.test", "migrants")
    assess(moderator, case, "propose")
    assert told(moderator.page, f"our partners\u202f: {translated(app, 'fr', 'Migrants and refugees')})")


def test_a_listing_that_ended_says_why_in_french(app):
    moderator, (listing, case) = speaking(signed_in(app), "fr"), listed_page(app)
    moderator.get("/desk/listings")
    moderator.post(f"/desk/listings/{listing}/delist", {"because": "La page a disparu."})
    assert told(moderator.get(f"/desk/cases/{case}").text, translated(app, "fr", "somebody took it off the list"))


@pytest.mark.long
def test_who_lost_the_case_gets_their_words_back_under_the_names_of_the_form(app):
    first, second = speaking(signed_in(app), "es"), signed_in(app)
    case = report(app)
    claim(first, case)
    first.get(f"/desk/cases/{case}")
    typed = {"version": VERSION.search(first.page)[1], "target": rung(first, "page"), **answers()}
    with database_of(app).transaction() as session:
        session.execute(update(Case).where(Case.reference == case).values(lease_until=clock.now() - timedelta(minutes=1)))
    claim(second, case)
    page = first.post(f"/desk/cases/{case}/propose", typed).text
    for field in ("Facts", "Who might lose a lifeline?", "The act"):
        assert re.search(rf'<label for="kept-\d+">{re.escape(translated(app, "es", field))}</label>', page), field
    assert "Statement facts" not in page


@pytest.mark.long
def test_the_page_that_asks_what_was_seen_says_how_to_look_without_harm(app):
    moderator, case = signed_in(app), report(app)
    assess(moderator, case, "propose", still_there="")
    assert "Look at it the safe way that the case page tells" in moderator.page
    assert moderator.page.count(LOOKING) == 2  # where it is assessed, and where a look alone is written down
    assert moderator.page.count("Never open what may show a child being abused.") == 2


LAST = [("en", ", and Delisted."), ("fr", " et Retiré de la liste."), ("ar", " وأُزيل من القائمة."), ("zh", "和已移出名单。")]


@pytest.mark.long
@pytest.mark.parametrize(("tag", "last"), LAST)
def test_outcomes_that_never_came_up_are_joined_as_the_language_joins_them(quiet, tag, last):
    page = speaking(signed_in(quiet, Role.SENIOR), tag).get("/desk/overview").text
    assert last in page


REMARKED = sorted(name for name, module in SAFEGUARDS.items() if hasattr(module, "REMARK"))


@pytest.mark.long
@pytest.mark.parametrize("tag", SPOKEN)
def test_what_a_check_rests_on_is_told_in_the_moderators_language_and_published_names_stay(app, tag):
    moderator, case = speaking(signed_in(app), tag), report(app)
    claim(moderator, case)
    moderator.get(f"/desk/cases/{case}")
    send(moderator, case, "propose", {"target": rung(moderator, "domain"), "sent_none_of_the_reports": "1"})
    shown = [name for name in REMARKED if f'<p class="hint"><strong>{name}</strong>' in moderator.page]
    assert {"RS04", "RS09", "RS10", "RS13", "RS14", "RS24"} <= set(shown)
    for name in shown:
        remark = SAFEGUARDS[name].REMARK
        assert f'<bdi lang="en">{SAFEGUARDS[name].SOURCE}</bdi>' in moderator.page, name
        assert translated(app, tag, remark) != remark
        assert told(moderator.page, translated(app, tag, remark)), name
        assert not told(moderator.page, remark), name


def test_a_host_in_a_finding_keeps_its_own_order_on_an_arabic_page(app):
    moderator, case = speaking(signed_in(app), "ar"), report(app, "https://www.refuge.test/offer/7")
    protected(app, "refuge.test", "migrants")
    claim(moderator, case)
    assert "\u2068www.refuge.test\u2069" in moderator.get(f"/desk/cases/{case}").text
