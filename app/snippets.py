"""What networks copy into their software, filled in. The texts lie in app/feed/snippets and are run by tests/clients as they stand."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import CHECKOUT
from moderation.vocabulary import N_

FOLDER = CHECKOUT / "app" / "feed" / "snippets"
PLACEHOLDER = "<token>"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
A_FOLDER = re.compile(r"/[A-Za-z0-9._/-]{1,120}")
"""Of what is typed, only what means itself in a shell, in quotation marks and in every configuration here is filled in."""

BY_SCRIPT = N_("With the next run of the script: a removal reaches you within a minute of our release, where it runs every minute.")
BY_ITSELF = N_(
    "It fetches again by itself once an hour, so a removal may take an hour. For less, run unbound-control auth_zone_transfer each minute."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """One kind of software: its texts in the order in which they are used, and how fast a removal reaches it."""

    key: str
    label: str
    files: tuple[str, ...]
    refresh: str = BY_SCRIPT
    format: str = "rpz.zone"
    by_address: bool = False
    folder: str = "/var/lib/flagstone-list"


SOFTWARE = (
    Software(
        key="bind", label="BIND 9", files=("bind-options.conf", "bind-zone.conf", "onion.zone", "bind.sh"), folder="/var/lib/bind/flagstone"
    ),
    Software(
        key="unbound-rpz", label=N_("Unbound, policy zone by address"), files=("unbound-rpz.conf",), refresh=BY_ITSELF, by_address=True
    ),
    Software(
        key="unbound-zones", label=N_("Unbound, local zones"), files=("unbound-zones.conf", "unbound-zones.sh"), format="unbound.conf"
    ),
    Software(key="knot-resolver", label="Knot Resolver", files=("knot-resolver.conf", "knot-resolver.sh")),
    Software(key="powerdns", label="PowerDNS Recursor", files=("powerdns.conf", "powerdns.lua", "onion.zone", "powerdns.sh")),
    Software(key="dnsmasq", label="dnsmasq", files=("dnsmasq.conf", "dnsmasq.sh"), format="dnsmasq.conf"),
    Software(
        key="dnsmasq-hosts",
        label=N_("dnsmasq, hosts file: exact names alone"),
        files=("dnsmasq-hosts.conf", "dnsmasq-hosts.sh"),
        format="hosts.txt",
    ),
    Software(key="squid", label="Squid", files=("squid.conf", "squid.sh"), format="squid-domains.txt"),
    Software(
        key="nginx", label="nginx", files=("nginx-http.conf", "nginx-server.conf", "nginx-stream.conf", "nginx.sh"), format="nginx.map"
    ),
    Software(key="suricata", label="Suricata", files=("suricata-set.rules", "suricata.sh"), format="suricata.rules"),
    Software(key="adblock", label="AdGuard, uBlock Origin", files=("adblock.sh",), format="adblock.txt"),
    Software(key="curl", label=N_("Anything else, by curl"), files=("curl.sh",), format="domains.txt"),
)


def filled(file: str, *, feed: str, token: str, list_name: str, folder: str) -> str:
    """One text with its blanks filled in; nothing else in it is changed.

    Raises:
        KeyError: there is no such text.
    """
    text = _texts()[file]
    for blank, word in (("<feed>", feed), (PLACEHOLDER, token), ("<list name>", list_name), ("<folder>", folder)):
        text = text.replace(blank, word)
    return text


@cache
def _texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(FOLDER).iterdir())}
