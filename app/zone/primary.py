"""Speaks with the hidden primary: asks for its SOA, sends updates, reads the zone back. Signed with a key of our own, over TCP."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.tsig
import dns.update
import dns.xfr

from app.keys import made_once
from app.zone.giving import new_secret
from app.zone.naming import zone_name
from app.zone.trouble import Away, Refused
from config import Settings
from moderation import policy
from moderation.vocabulary import TransferAlgorithm

PUBLISHER = "flagstone-publisher"
"""The name of the key by which the zone is updated; no consumer's key begins so."""
ALGORITHM = TransferAlgorithm.HMAC_SHA256

ASK_SECONDS = 5
UPDATE_SECONDS = 60
READ_SECONDS = 3600
"""How long a question, an update, and reading a zone of a million names may take."""

TTL = policy.ZONE_TTL_SECONDS

Answer = TypeVar("Answer")


def publisher_secret(settings: Settings) -> str:
    """Our own secret, in base64; made at first use, and kept where the other keys lie."""
    return made_once(settings.data / "keys" / "zone-update.key", lambda: new_secret(ALGORITHM))


class Primary:
    """The name server that `FLAGSTONE_DNS_PRIMARY` names, asked as the publisher, or with a consumer's key."""

    def __init__(self, settings: Settings, *, key: tuple[str, str, str] | None = None) -> None:
        """`key` is name, secret in base64 and algorithm; without it the publisher's own."""
        name, secret, algorithm = key or (PUBLISHER, publisher_secret(settings), ALGORITHM)
        address, _, port = settings.dns_primary.rpartition("@")
        self._address, self._port = address, int(port)
        self._key = dns.tsig.Key(name, secret, algorithm)
        self._place = settings.dns_primary
        self.zone = dns.name.from_text(zone_name(settings))

    def soa(self) -> str | None:
        """The data of its SOA record; None where it serves no such zone (any more).

        Raises:
            Away, Refused
        """
        question = dns.message.make_query(self.zone, "SOA")
        question.use_tsig(self._key)
        reply = self._told(lambda: dns.query.tcp(question, self._address, port=self._port, timeout=ASK_SECONDS))
        found = [record for answer in reply.answer if answer.rdtype == dns.rdatatype.SOA for record in answer]
        return found[0].to_text() if found else None

    def update(self, old: str, new: str, *, gone: set[str], come: set[str]) -> dns.message.Message:
        """A signed update from the zone with the SOA `old` to the one with `new`; names come and go with all below them."""
        message = dns.update.Update(self.zone, keyring=self._key)
        message.present("@", "SOA", old)
        for name in sorted(gone):
            message.delete(name, "CNAME")
            message.delete(f"*.{name}", "CNAME")
        for name in sorted(come):
            message.add(name, TTL, "CNAME", ".")
            message.add(f"*.{name}", TTL, "CNAME", ".")
        message.replace("@", TTL, "SOA", new)
        return message

    def mend(self, old: str, new: str, *, gone: Sequence[tuple[str, str]], come: Sequence[str]) -> dns.message.Message:
        """A signed update that takes away records (owner, type) and puts in owners, each of them written out in full."""
        message = dns.update.Update(self.zone, keyring=self._key)
        message.present("@", "SOA", old)
        for owner, kind in gone:
            message.delete(dns.name.from_text(owner), kind)
        for owner in come:
            message.add(dns.name.from_text(owner), TTL, "CNAME", ".")
        message.replace("@", TTL, "SOA", new)
        return message

    def send(self, message: dns.message.Message) -> str:
        """Send an update; returns the answer's code, such as NOERROR or NXRRSET.

        Raises:
            Away: no answer came; whether the zone changed, its SOA tells. Refused: our key is not known there.
        """
        reply = self._told(lambda: dns.query.tcp(message, self._address, port=self._port, timeout=UPDATE_SECONDS))
        return dns.rcode.to_text(reply.rcode())

    def records(self) -> Iterator[tuple[str, str]]:
        """Every record of the zone as (owner below the zone, rest of it as text), streamed; the SOA may come twice, as in any transfer.

        Raises:
            Away, Refused
        """
        messages = dns.query.xfr(
            self._address,
            self.zone,
            port=self._port,
            keyring={self._key.name: self._key},
            keyname=self._key.name,
            keyalgorithm=self._key.algorithm,
            timeout=UPDATE_SECONDS,
            lifetime=READ_SECONDS,
            relativize=False,
        )
        while (message := self._told(lambda: next(messages, None))) is not None:
            for answer in message.answer:
                for record in answer:
                    yield answer.name.to_text(), f"{answer.ttl} {dns.rdatatype.to_text(answer.rdtype)} {record.to_text()}"

    def gives_to_anybody(self) -> bool:
        """Whether somebody without a key gets the zone."""
        question = dns.message.make_query(self.zone, "AXFR")
        try:
            reply = dns.query.tcp(question, self._address, port=self._port, timeout=ASK_SECONDS)
        except (OSError, EOFError, dns.exception.DNSException):
            return False
        return bool(reply.answer)

    def _told(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except (dns.tsig.PeerBadTime, dns.tsig.BadTime) as fault:
            raise Refused(f"The primary {self._place} has another time than this machine.", "Set the clock of both (NTP).") from fault
        except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.message.UnknownTSIGKey) as fault:
            raise Refused(
                f"The primary {self._place} does not know the key {self._key.name.to_text(omit_final_dot=True)}.",
                "Include in its configuration what flask dns configure names, and reload it.",
            ) from fault
        except dns.xfr.TransferError as fault:
            raise Refused(
                f"The primary {self._place} does not hand out the zone ({dns.rcode.to_text(fault.rcode)}).",
                "Include in its configuration what flask dns configure names, and reload it.",
            ) from fault
        except (OSError, EOFError, dns.exception.DNSException) as fault:
            raise Away(
                f"The primary {self._place} does not answer ({type(fault).__name__}).",
                "Start it, or look at FLAGSTONE_DNS_PRIMARY. Networks keep the zone they have until then; nothing else waits for it.",
            ) from fault
