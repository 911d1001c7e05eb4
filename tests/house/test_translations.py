"""Every language that is declared complete lacks nothing, and no catalogue holds a sentence that would break or mislead a page."""

import pytest
from babel.messages.catalog import Catalog

from app import catalogues, languages
from app.languages import CATALOGUES

SOURCE = catalogues.gathered()
SENTENCE = "This address is not listed"
PLURAL = ("One thing needs your attention", "%(num)s things need your attention")
SMALL = Catalog()
SMALL.add("Hello")
SMALL.add("%(number)s of <b>%(limit)s</b>")
SMALL.add(("One thing", "%(num)s things"))

RUSSIAN = {"Hello": "Привет", "%(number)s of <b>%(limit)s</b>": "%(number)s из <b>%(limit)s</b>"}
RUSSIAN_PLURALS = ("%(num)s вещь", "%(num)s вещи", "%(num)s вещей")


@pytest.fixture
def written(tmp_path):
    """Writes a Russian catalogue of the small source, mended or broken, and names its faults."""

    def write(singular=RUSSIAN, plurals=RUSSIAN_PLURALS, change=lambda text: text):
        catalogues.update("ru", tmp_path, SMALL)
        file = catalogues.file_of("ru", tmp_path)
        text = file.read_text("utf-8")
        for sentence, translated in singular.items():
            text = text.replace(f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{translated}"')
        for place, form in enumerate(plurals):
            text = text.replace(f'msgstr[{place}] ""', f'msgstr[{place}] "{form}"')
        file.write_text(change(text), "utf-8")
        return list(catalogues.faults("ru", tmp_path, SMALL, complete=True))

    return write


@pytest.mark.long
@pytest.mark.parametrize("tag", [tag for tag in languages.COMPLETE if tag != languages.ENGLISH])
def test_a_complete_language_lacks_nothing(tag):
    assert list(catalogues.faults(tag.replace("-", "_"), CATALOGUES, SOURCE, complete=True)) == []


@pytest.mark.long
@pytest.mark.parametrize("code", catalogues.present(CATALOGUES))
def test_no_catalogue_holds_a_sentence_that_breaks_a_page(code):
    assert list(catalogues.faults(code, CATALOGUES, SOURCE, complete=False)) == []


def test_sentences_of_pages_rules_and_forms_are_gathered():
    for sentence in (SENTENCE, PLURAL, "Someone may be in danger now", "There is no case with this reference."):
        assert SOURCE.get(sentence) is not None, sentence


def test_a_whole_catalogue_has_no_fault(written):
    assert written() == []


def test_a_missing_catalogue_is_a_fault(tmp_path):
    assert list(catalogues.faults("fr", tmp_path, SMALL, complete=True)) == ["fr: there is no catalogue"]


@pytest.mark.parametrize(
    ("singular", "plurals", "fault"),
    [
        ({**RUSSIAN, "Hello": ""}, RUSSIAN_PLURALS, "ru: not translated: “Hello”"),
        (RUSSIAN, ("%(num)s вещь", "%(num)s вещи", ""), "ru: not translated: “One thing”"),
        (RUSSIAN, ("Одна вещь", *RUSSIAN_PLURALS[1:]), "ru: other placeholders (none): “One thing”"),
        ({**RUSSIAN, "Hello": "Привет, %(name)s"}, RUSSIAN_PLURALS, "ru: other placeholders (name): “Hello”"),
        ({**RUSSIAN, "Hello": "Привет 100 %"}, RUSSIAN_PLURALS, "ru: a percent sign that stands alone (write %%): “Hello”"),
        ({**RUSSIAN, "Hello": "<b>Привет</b>"}, RUSSIAN_PLURALS, "ru: other HTML: “Hello”"),
        ({**RUSSIAN, "Hello": "Привет "}, RUSSIAN_PLURALS, "ru: other space at its ends: “Hello”"),
        ({**RUSSIAN, "Hello": "Привет ٣"}, RUSSIAN_PLURALS, "ru: other digits than 0 to 9: “Hello”"),
        ({**RUSSIAN, "Hello": "\u202eПривет"}, RUSSIAN_PLURALS, "ru: a sign that turns the direction of others around: “Hello”"),
    ],
)
def test_a_wrong_translation_is_named(written, singular, plurals, fault):
    assert written(singular, plurals) == [fault]


def test_a_fuzzy_translation_is_named(written):
    assert written(change=lambda text: text.replace('msgid "Hello"', '#, fuzzy\nmsgid "Hello"')) == ["ru: marked as fuzzy: “Hello”"]


def test_a_sentence_that_changed_in_the_source_is_named_on_both_sides(written):
    found = written(change=lambda text: text.replace('msgid "Hello"', 'msgid "Hallo"'))
    assert found == ["ru: not in the catalogue: “Hello”", "ru: no longer in the source: “Hallo”"]


def test_a_sentence_of_the_desk_may_wait_but_one_that_the_public_reads_too_may_not(tmp_path):
    catalogues.update("ru", tmp_path, Catalog())
    both = Catalog()
    both.add("Only here", locations=[("app/desk/words/queue.py", 0)])
    both.add("Here and there", locations=[("app/desk/words/queue.py", 0), ("app/public/pages.py", 0)])
    assert list(catalogues.faults("ru", tmp_path, both, complete=True)) == ["ru: not in the catalogue: “Here and there”"]
    assert catalogues.waiting_at_the_desk("ru", tmp_path, both) == 1


def test_an_obsolete_entry_is_named(written):
    found = written(change=lambda text: text + '\n#~ msgid "Bye"\n#~ msgstr "Пока"\n')
    assert found == ["ru: no longer in the source: “Bye”"]


def test_another_number_of_plural_forms_is_named(written):
    found = written(change=lambda text: text.replace("nplurals=3", "nplurals=4"))
    assert found == ["ru: 3 plural forms are needed, the header says 4"]


def test_a_catalogue_that_cannot_be_read_is_named(written):
    (found,) = written(change=lambda text: text.replace("nplurals=3", "nplurals=2"))
    assert "is broken" in found


@pytest.mark.parametrize(("code", "forms"), [("ar", 6), ("es", 2), ("fr", 2), ("ru", 3), ("zh", 1)])
def test_a_language_begins_with_its_own_number_of_plural_forms(tmp_path, code, forms):
    catalogues.update(code, tmp_path, SMALL)
    assert catalogues.read(catalogues.file_of(code, tmp_path)).get(("One thing", "%(num)s things")).string == ("",) * forms


def test_an_update_keeps_what_is_translated_and_drops_what_left(written, tmp_path):
    written(change=lambda text: text.replace('msgid "Hello"', '# seen by Olga\nmsgid "Hello"') + '\n#~ msgid "Bye"\n#~ msgstr "Пока"\n')
    smaller = Catalog()
    smaller.add("Hello")
    smaller.add("Fresh")
    waiting = catalogues.update("ru", tmp_path, smaller)
    text = catalogues.file_of("ru", tmp_path).read_text("utf-8")
    assert waiting == 1
    assert 'seen by Olga\nmsgid "Hello"\nmsgstr "Привет"' in text
    assert [left for left in ("вещь", "Bye", "fuzzy") if left in text] == []


def test_an_update_without_news_changes_nothing(written, tmp_path):
    written()
    file = catalogues.file_of("ru", tmp_path)
    before = file.read_bytes()
    catalogues.update("ru", tmp_path, SMALL)
    assert file.read_bytes() == before
