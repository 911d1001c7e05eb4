"""A list that grows and shrinks through the verbs, written to disk at each release. Asserts nothing."""

import uuid
from datetime import datetime, timedelta
from itertools import combinations

import orjson

from app.release import write_changes, write_newest
from app.release.deltas import Deltas
from app.release.folding import fold
from app.release.newest import header_of
from moderation import formats, publishing, reviewing
from moderation.vocabulary import Entry, Scope
from tests import builders
from tests.builders import NOON

WHY = "The owner took the offer down."


A_MINUTE = timedelta(minutes=1)


class Story:
    """A list that grows and shrinks through the verbs, and what was on disk at each of its releases."""

    def __init__(self, database, settings):
        self.database, self.settings = database, settings
        self.at = NOON
        self.deltas = Deltas(settings.data)
        self.states = {}

    def list(self, text, scope=Scope.PAGE, **changes):
        with self.database.transaction() as session:
            return builders.listed(session, text, scope, at=self.at, **changes).listing

    def delist(self, listing):
        with self.database.transaction() as session:
            reviewing.delist(session, listing, WHY, by=builders.person(session), at=self.at)

    def narrow(self, listing, text):
        with self.database.transaction() as session:
            chosen = builders.target(text)
            return reviewing.narrow(session, listing, chosen, WHY, by=builders.person(session), at=self.at).listing

    def release(self):
        """Make and write the next release; returns its serial."""
        self.at += A_MINUTE
        with self.database.transaction() as session:
            publishing.release(session, at=self.at)
        write_changes(self.database, self.settings, self.at)
        write_newest(self.database, self.settings, self.at)
        with self.database.reading() as session:
            newest = publishing.newest(session)
        header = header_of(newest, self.settings)
        folder = self.settings.data / "feed" / "releases" / str(newest.number)
        self.states[newest.number] = {form.FILE_NAME: body(folder, form, header) for form in formats.installed()}
        return newest.number

    def lines(self, number):
        return [orjson.loads(line) for line in self.deltas.file(number).read_bytes().splitlines()[1:]]

    def between(self, since, serial):
        return fold(line for number in range(since + 1, serial + 1) for line in self.lines(number))


def body(folder, form, header):
    """A format's entry lines as a client parses them, without header and footer."""
    lines = (folder / form.FILE_NAME).read_text().splitlines()
    return lines[len(form.header_lines(header)) : len(lines) - len(form.footer_lines(header))]


def entry_of(fields):
    """The entry that a line tells of; of what left, only what finds it again."""
    given_ = {"territories": ("FR",), "category": "labour", "listed_at": NOON.isoformat(), "expires_at": NOON.isoformat(), **fields}
    return Entry(
        reference=uuid.UUID(given_["reference"]),
        kind=given_["kind"],
        scope=Scope(given_["scope"]),
        target=given_["target"],
        host=given_["host"],
        territories=tuple(given_["territories"]),
        category=given_["category"],
        listed_at=datetime.fromisoformat(given_["listed_at"]),
        expires_at=datetime.fromisoformat(given_["expires_at"]),
    )


def applied(form, lines, changes, header):
    """A parsed file after the changes: all that goes first, then all that comes."""
    kept = set(lines)
    for change in changes:
        gone = change if change["type"] == "remove" else change.get("replaces")
        if gone:
            told_by_reference = {line for line in kept if gone["reference"] in line}
            kept -= told_by_reference or set(form.lines(entry_of(gone), header)) if form_has_room(form, gone) else set()
    for change in changes:
        if change["type"] != "remove" and form_has_room(form, change) and form.FILE_NAME not in change["left_out"]:
            kept |= set(form.lines(entry_of(change), header))
    return kept


def form_has_room(form, fields):
    return Scope(fields["scope"]) in form.SCOPES


def require_every_state(story):
    """Each full state is every earlier one with the changes between."""
    with story.database.reading() as session:
        header = header_of(publishing.newest(session), story.settings)
    for since, serial in combinations(sorted(story.states), 2):
        changes = story.between(since, serial)
        for form in formats.installed():
            before, after = story.states[since][form.FILE_NAME], story.states[serial][form.FILE_NAME]
            assert applied(form, before, changes, header) == set(after), (form.FILE_NAME, since, serial)
            assert len(set(after)) == len(after), form.FILE_NAME


PAGE = "https://jobs.test/offer/7"


def kinds(lines):
    return [(line["type"], line["target"]) for line in lines]
