"""Reads the lists that come inside libraries, and our own two, line by line. Fetches nothing and holds no list in memory.

The packaged lists are sorted by name, so they carry no rank: a line says that a name is among the first so many, not its place.
Lists of addresses, hashes and patterns are left out, and so are those in docs/safeguards.md that say too little of a site.
"""

import csv
import json
import mmap
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

import idna
import publicsuffixlist

from moderation import addresses
from moderation.vocabulary import HostClass, KnownHost

LISTS: Final = (
    ("tranco10k", HostClass.POPULAR_10K, "Tranco top 10,000"),
    ("cisco_top10k", HostClass.POPULAR_10K, "Cisco Umbrella top 10,000"),
    ("tranco", HostClass.POPULAR_1M, "Tranco top million"),
    ("google-chrome-crux-1million", HostClass.POPULAR_1M, "Chrome UX Report top million"),
    ("bank-website", HostClass.BANK, "MISP banks"),
    ("university_domains", HostClass.UNIVERSITY, "MISP universities"),
    ("dynamic-dns", HostClass.DYNAMIC_DNS, "MISP dynamic DNS"),
    ("url-shortener", HostClass.SHORTENER, "MISP link shorteners"),
    ("link-in-bio", HostClass.LINK_IN_BIO, "MISP link-in-bio"),
    ("lots-project", HostClass.PLATFORM, "LOTS project"),
    ("public-ipfs-gateways", HostClass.HOSTING, "MISP public IPFS gateways"),
    ("google", HostClass.INFRASTRUCTURE, "MISP Google"),
    ("microsoft", HostClass.INFRASTRUCTURE, "MISP Microsoft"),
    ("microsoft-office365", HostClass.INFRASTRUCTURE, "MISP Microsoft 365"),
    ("microsoft-win10-connection-endpoints", HostClass.INFRASTRUCTURE, "MISP Windows endpoints"),
    ("captive-portals", HostClass.INFRASTRUCTURE, "MISP captive portals"),
    ("crl-hostname", HostClass.INFRASTRUCTURE, "MISP certificate revocation"),
    ("umbrella-blockpage-hostname", HostClass.INFRASTRUCTURE, "Cisco Umbrella block pages"),
)
"""Folder of the list in pymispwarninglists, what it says of a host, and the name a moderator reads."""

PROTECTED_SOURCE: Final = "Flagstone protected hosts"
NEVER_SOURCE: Final = "Flagstone never-list"
PRIVATE_SOURCE: Final = "Public suffix list, private section"
GOVERNMENT_SOURCE: Final = "Public suffix list, government names"
ABOVE_SOURCE: Final = "Public suffix list, names above suffixes"

SOURCES: Final = (*(source for _, _, source in LISTS), NEVER_SOURCE, PROTECTED_SOURCE, PRIVATE_SOURCE, GOVERNMENT_SOURCE, ABOVE_SOURCE)
"""Every source that `packaged_hosts` replaces."""

OWN_SOURCES: Final = (NEVER_SOURCE, PROTECTED_SOURCE)
"""The lists that are written here. Where one has no line, this version's lists were never loaded."""

GOVERNMENT_LABELS: Final = frozenset({"gov", "gob", "gouv", "gub", "govt", "mil"})
"""First labels under which a country's registry gives names to public bodies alone (`gov.uk`, `gob.mx`, `gouv.fr`, `gub.uy`)."""

NAME: Final = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_LIST_OPENS: Final = re.compile(rb'"list"\s*:\s*\[')
_ITEM: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|\]')
_PRIVATE_BEGINS: Final = "// ===BEGIN PRIVATE DOMAINS==="


class BrokenListError(Exception):
    """A packaged list is not of the form we know: better no update than half a list."""


def packaged_hosts() -> Iterator[KnownHost]:
    """Yield every line of every list, each list in turn."""
    for folder, _, _ in LISTS:
        yield from packaged_list(folder)
    yield from own_hosts()
    yield from suffixes()


def own_hosts() -> Iterator[KnownHost]:
    """Yield every line of the lists that are written here."""
    yield from never_list()
    yield from protected_list()


def packaged_list(folder: str) -> Iterator[KnownHost]:
    """Yield every name of one of LISTS."""
    host_class, source = next((host_class, source) for name, host_class, source in LISTS if name == folder)
    for text in entries(list_file(folder)):
        host = host_name(text)
        if host is not None:
            yield KnownHost(host=host, host_class=host_class, source=source)


def never_list() -> Iterator[KnownHost]:
    """Yield our own never-list; a line such as `gov` stands for every name below it."""
    with Path(__file__).with_name("never.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield KnownHost(host=line["host"], host_class=HostClass.NEVER, source=NEVER_SOURCE)


def protected_list() -> Iterator[KnownHost]:
    """Yield our own list of protected hosts; a line covers the name and every name below it."""
    with Path(__file__).with_name("protected.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            kind = line["protected_as"]
            yield KnownHost(host=line["host"], host_class=HostClass.PROTECTED, source=PROTECTED_SOURCE, protected_as=kind)


def host_name(text: str) -> str | None:
    """The name in lower-case A-labels, without a leading `.` or `*.`; None for what is no name below a top-level domain."""
    if NAME.fullmatch(text):
        return text
    name = text.strip().lower().removeprefix("*").strip(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            return None
    return name if NAME.fullmatch(name) else None


def entries(path: Path) -> Iterator[str]:
    """Yield the strings of a warning list's `list`, one by one: the largest would take 100 MB whole.

    Raises:
        BrokenListError: the file has no such list, or the list does not end.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        opening = _LIST_OPENS.search(text)
        if opening is None:
            raise BrokenListError(f"{path} holds no list.")
        for item in _ITEM.finditer(text, opening.end()):
            if item[0] == b"]":
                return
            quoted = item[0]
            yield json.loads(quoted) if b"\\" in quoted else quoted[1:-1].decode()
    raise BrokenListError(f"The list in {path} does not end.")


def list_file(folder: str) -> Path:
    """Find the file of a warning list inside the library."""
    found = resources.files("pymispwarninglists").joinpath("data", "misp-warninglists", "lists", folder, "list.json")
    return Path(str(found))


def suffixes() -> Iterator[KnownHost]:
    """Yield what the public suffix list tells: private suffixes are platforms; a public body's suffix is on the never-list.

    A name above a suffix can be none itself (`nordland.no` above `bo.nordland.no`), and its listing would take the suffix with it.
    """
    private, above = False, dict[str, None]()
    for line in Path(publicsuffixlist.PSLFILE).read_text(encoding="utf-8").splitlines():
        private = private or line.startswith(_PRIVATE_BEGINS)
        rule = line.split()[0] if line and not line.startswith(("//", "!")) else ""
        name = host_name(rule)
        if name is None:
            continue
        if private:
            yield KnownHost(host=name, host_class=HostClass.PLATFORM, source=PRIVATE_SOURCE)
        elif name.partition(".")[0] in GOVERNMENT_LABELS:
            yield KnownHost(host=name, host_class=HostClass.NEVER, source=GOVERNMENT_SOURCE)
        if not private:
            above |= dict.fromkeys(parent for parent in addresses.with_parents(name)[1:] if not addresses.is_public_suffix(parent))
    for name in above:
        yield KnownHost(host=name, host_class=HostClass.PLATFORM, source=ABOVE_SOURCE)
