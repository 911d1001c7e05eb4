"""What the rules hand over to be sealed, and get back as ciphertext. Who holds the keys is outside."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from moderation.vocabulary.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedWords:
    """Ciphertext of a few named texts. `wrapped_identity` opens it for whoever holds the desk's key that `desk_key` names."""

    text: bytes
    wrapped_identity: bytes
    desk_key: str


class Sealer(Protocol):
    """Seals, and takes out of what is sealed. Gives None for what none of the desk's keys opens."""

    def seal(self, words: Mapping[str, str]) -> SealedWords:
        """Seal these texts under a key of their own."""

    def mark(self, resource: Resource) -> bytes:
        """Give the mark that a text bears which names this."""

    def cut(self, sealed: bytes, wrapped_identity: bytes, named: Collection[Resource]) -> bytes | None:
        """Seal a report's text anew to its own key, without what names these."""

    def cut_message(
        self, sealed: bytes, wrapped_identity: bytes, receipt_recipient: str | None, named: Collection[Resource]
    ) -> bytes | None:
        """Seal a message of a report anew, to the receipt's key too where one is given, without what names these."""
