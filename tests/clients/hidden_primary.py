"""A hidden primary with the list of a running server in it, and a consumer's key: what clients by transfer are pointed to.

The test brings it each release itself, or a worker does (`fed_by_worker`), as on an instance that networks take the list from.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dns.exception

from app import clock, zone
from app.release.shelf import Shelf
from app.zone import configuration, control, letters
from app.zone.giving import new_secret
from app.zone.naming import soa, zone_name
from app.zone.primary import Primary, publisher_secret
from app.zone.telling import FILE_MODE, put, wanted_text
from config import CHECKOUT, Settings
from moderation.vocabulary import SYSTEM, TransferAlgorithm
from tests import builders
from tests.clients.network import LIST_NAME, Network
from tests.clients.resolvers import free_port, program, until_gone
from tests.clients.starting import ended
from tests.web.visitors import database_of
from tests.zone.primaries import running, settings_for

SNIPPETS = CHECKOUT / "app" / "zone" / "snippets"
KEY_NAME = "flagstone-0123456789abcdef"
ALGORITHM = TransferAlgorithm.HMAC_SHA256


class Hidden:
    """The primary, the network's key, and a way to bring it the newest release."""

    def __init__(self, network: Network, settings: Settings, secret: str, *, key_name: str = KEY_NAME) -> None:
        self._network, self._settings, self._secret, self._key_name = network, settings, secret, key_name

    def snippet(self, name: str, folder: Path, **blanks: object) -> str:
        """A snippet of the documentation, filled in as an engineer would; nothing else in it is changed."""
        address, _, port = self._settings.dns_primary.rpartition("@")
        filled = {"address": address, "port": port, "key name": self._key_name, "algorithm": ALGORITHM, "secret": self._secret}
        text = (SNIPPETS / name).read_text(encoding="utf-8")
        for blank, word in {**filled, "list name": LIST_NAME, "folder": folder, **blanks}.items():
            text = text.replace(f"<{blank}>", str(word))
        return text

    def follow(self) -> None:
        """Bring it the newest release, as the worker does: by an update where it fits, and as a file where not."""
        primary, number = Primary(self._settings), self._network.serial
        found = primary.soa()
        old = int(found.split()[2]) if found else None
        if old is not None and self._updated(primary, old, number):
            return
        file = configuration.zone_file(self._settings.dns_folder)
        control.bring_file(
            self._settings,
            zone_name(self._settings),
            file,
            present=old,
            put=lambda: letters.write_zone(self._settings, number, file, mode=FILE_MODE),
        )
        assert control.until(lambda: primary.soa() == soa(self._settings, letters.mark_on_disk(self._settings, number)))

    def _updated(self, primary: Primary, old: int, new: int) -> bool:
        before, now = (self._names(number) for number in (old, new))
        marks = (soa(self._settings, letters.mark_on_disk(self._settings, number)) for number in (old, new))
        message = primary.update(*marks, gone=before - now, come=now - before)
        try:
            message.to_wire(max_size=65_535)
        except dns.exception.TooBig:
            return False
        return primary.send(message) == "NOERROR"

    def _names(self, number: int) -> set[str]:
        lines = (Shelf(self._settings.data).folder(number) / "rpz.zone").read_text().splitlines()
        return {line.removesuffix(" CNAME .") for line in lines if line.endswith(" CNAME .") and not line.startswith("*.")}


@contextmanager
def hidden_primary(network: Network, folder: Path, *, notify: int | None = None, software: str = "knot") -> Iterator[Hidden]:
    """A primary with the list as it is out now; it tells the port `notify` of each change."""
    if network.primary is not None:
        yield _given_a_key(network, network.primary, notify)
        return
    home = folder / "primary"
    home.mkdir()
    settings, control_port = settings_for(software, builders.settings(home))
    settings = replace(settings, data=network.data)
    secret = new_secret(ALGORITHM)
    told = (f"127.0.0.1@{notify}",) if notify else ()
    key = configuration.ZoneKey(name=KEY_NAME, algorithm=ALGORITHM, secret=secret, notify=told)
    own = publisher_secret(settings)
    put(settings, configuration.text(software, zone=zone_name(settings), folder=settings.dns_folder, publisher=own, keys=[key]))
    with running(software, settings, control_port, log=home / "primary.log"):
        hidden = Hidden(network, settings, secret)
        hidden.follow()
        yield hidden


@contextmanager
def secondary(network: Network, folder: Path, *, tells: int) -> Iterator[tuple[Hidden, int]]:
    """A primary, and beside the resolver a secondary with the key: it writes `<folder>/rpz.zone`, and tells the port `tells` of a change.

    Gives the primary, and the secondary's port.
    """
    local = free_port()
    with hidden_primary(network, folder, notify=local) as primary:
        config = folder / "knot.conf"
        config.write_text(primary.snippet("knot.conf", folder, **{"local port": local, "resolver port": tells}))
        command = [program("knotd"), "-c", str(config)]
        with (folder / "secondary.log").open("wb") as output:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        with ended(process):
            until_gone(lambda: not (folder / "rpz.zone").exists(), "the secondary has the zone")
            yield primary, local


@contextmanager
def fed_by_worker(network: Network) -> Iterator[Settings]:
    """A primary that whoever works with these settings feeds; each client by transfer that starts meanwhile has a key of its own there."""
    settings, control_port = settings_for("knot", builders.settings(network.data))
    with database_of(network.app).reading() as session:
        put(settings, wanted_text(session, settings, network.app.extensions["keys"]))
    with running("knot", settings, control_port, log=network.data / "primary.log"):
        network.primary = settings
        try:
            yield settings
        finally:
            network.primary = None


def _given_a_key(network: Network, settings: Settings, notify: int | None) -> Hidden:
    """What the network's page does; the worker has the primary take the key."""
    told = (f"127.0.0.1@{notify}",) if notify else ()
    with database_of(network.app).transaction() as session:
        keys = network.app.extensions["keys"]
        given = zone.give_key(session, network.reference, keys, algorithm=ALGORITHM, notify=told, by=SYSTEM, at=clock.now())
    asked = Primary(settings, key=(given.name, given.secret, given.algorithm))
    until_gone(lambda: _refuses(asked), "the primary takes the key")
    return Hidden(network, settings, given.secret, key_name=given.name)


def _refuses(asked: Primary) -> bool:
    try:
        return asked.soa() is None
    except zone.Trouble:
        return True
