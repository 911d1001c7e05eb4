"""A list that grows and shrinks through the verbs, written to disk at each release. Asserts nothing."""

import gzip
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
import orjson
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as told
from hypothesis import strategies as st
from app.release import write_changes, write_newest
from app.release.deltas import Deltas
from app.release.folding import fold
from app.release.newest import DiskAheadError, header_of
from moderation import formats, policy, publishing, reviewing
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
