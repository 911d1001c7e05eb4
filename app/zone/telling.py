"""Tells the name server which keys open the zone: writes its part of the configuration, and has it taken, until it is."""

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from app import sealing
from app.database import Database
from app.keys import Keys, replace
from app.release.newest import one_writer
from app.zone import configuration, control, plain_files
from app.zone.configuration import ZoneKey
from app.zone.naming import zone_name
from app.zone.primary import publisher_secret
from config import Settings
from moderation import publishing

KEYS_LOCK = 0x466C6167_5A6F4B79
"""Advisory lock of the one who tells the name server at a time ("FlagZoKy")."""

FOLDER_MODE = 0o2770
FILE_MODE = 0o640
"""The owner, and the name server in the folder's group; a new file belongs to that group by itself."""

MARK_OCTETS = 4_096
CONFIGURATION_OCTETS = 1 << 26
"""Of our part of the configuration, at most: a quarter of a million keys."""


def take_keys(database: Database, settings: Settings, keys: Keys) -> bool:
    """Have the name server take the living keys and let go of the others; whether it had to be told. Can be run at any time.

    Raises:
        NotTaken: it was told and did not; the next run tells it again.
    """
    if not settings.dns_primary:
        return False
    with one_writer(database, KEYS_LOCK):
        with database.reading() as session:
            wanted = wanted_text(session, settings, keys)
        put(settings, wanted)
        if not control.is_there(settings) or taken(settings) == digest(wanted):
            return False
        control.reload_keys(settings)
        note_taken(settings)
        return True


def wanted_text(session: Session, settings: Settings, keys: Keys) -> str:
    """Our part of the configuration, as it must be now."""
    opened = []
    for key in publishing.living_transfer_keys(session):
        try:
            secret = sealing.open_at_desk(key.wrapped, keys).decode()
        except sealing.CannotOpen:
            # Sealed to a key of the desk that is not here: its network needs a new one, and all others go on.
            continue
        opened.append(ZoneKey(name=key.name, algorithm=key.algorithm, secret=secret, notify=key.notify))
    return configuration.text(
        settings.dns_software,
        zone=zone_name(settings),
        folder=settings.dns_folder,
        publisher=publisher_secret(settings),
        keys=opened,
    )


def put(settings: Settings, wanted: str) -> Path:
    """Write our part of the configuration, where it is not there already; returns its place."""
    file = settings.dns_folder / f"flagstone.{settings.dns_software}.conf"
    made_folder(settings)
    if plain_files.read(file, most=len(wanted.encode()) + 1) != wanted.encode():
        replace(file, wanted.rstrip("\n"), mode=FILE_MODE)
    return file


def made_folder(settings: Settings) -> None:
    """Make the folder that we share with the name server, where it is missing."""
    if not settings.dns_folder.is_dir():
        settings.dns_folder.mkdir(parents=True)
        settings.dns_folder.chmod(FOLDER_MODE)


def taken(settings: Settings) -> str:
    """The digest of what the name server took last."""
    return (plain_files.read(_mark(settings), most=MARK_OCTETS) or b"").decode(errors="replace").strip()


def note_taken(settings: Settings) -> None:
    """Note that the name server has what lies there now."""
    file = settings.dns_folder / f"flagstone.{settings.dns_software}.conf"
    replace(_mark(settings), hashlib.sha256(plain_files.read(file, most=CONFIGURATION_OCTETS) or b"").hexdigest())


def digest(wanted: str) -> str:
    """What a configuration is known by, without its secrets."""
    return hashlib.sha256(wanted.encode()).hexdigest()


def _mark(settings: Settings) -> Path:
    return settings.dns_folder / ".taken"
