"""The desk's hands for what is sealed away: seals an address, and takes what names it out of other reports. Decides nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import orjson
from pyrage import x25519

from app import marking, sealing
from app.keys import Keys
from moderation import resources
from moderation.vocabulary import Resource, SealedWords

CUT = "[…]"
"""What stands in a text where an address was taken out: in every language."""


@dataclass(frozen=True, slots=True)
class DeskSealer:
    """Keeps `moderation.vocabulary.Sealer` with the keys of the desk."""

    keys: Keys

    def seal(self, words: Mapping[str, str]) -> SealedWords:
        """Under a fresh key, as a report's text is."""
        sealed = sealing.seal(words, self.keys)
        return SealedWords(text=sealed.text, wrapped_identity=sealed.wrapped_identity, desk_key=sealed.desk_key)

    def mark(self, resource: Resource) -> bytes:
        """As `marking` makes it when a report comes in."""
        return marking.of_resource(resource, self.keys)

    def cut(self, sealed: bytes, wrapped_identity: bytes, named: Collection[Resource]) -> bytes | None:
        """Every answer of a report, without what names these."""
        try:
            typed = sealing.open_sealed(sealed, wrapped_identity, self.keys)
            identity = sealing.unwrap(wrapped_identity, self.keys)
        except sealing.CannotOpen:
            return None
        left = {field: _without(text, named) for field, text in typed.items()}
        return sealed if left == typed else sealing.seal_message(orjson.dumps(left).decode(), str(identity.to_public()))

    def cut_message(
        self, sealed: bytes, wrapped_identity: bytes, receipt_recipient: str | None, named: Collection[Resource]
    ) -> bytes | None:
        """A question, an answer or an addition, without what names these."""
        try:
            identity: x25519.Identity = sealing.unwrap(wrapped_identity, self.keys)
            text = sealing.open_message(sealed, identity)
        except sealing.CannotOpen:
            return None
        left = _without(text, named)
        readers = [str(identity.to_public()), *([receipt_recipient] if receipt_recipient else [])]
        return sealed if left == text else sealing.seal_message(left, *readers)


def _without(text: str, named: Collection[Resource]) -> str:
    return resources.without(text, {(one.kind, one.canonical) for one in named}, instead=CUT)
