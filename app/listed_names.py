"""What a network names of the list, in whatever spelling it has there. Looks nothing up."""

from app import instance, sealing
from moderation import resources
from moderation.errors import NothingReported, TooManyResources
from moderation.vocabulary import Resource


def named(text: str) -> Resource | None:
    """The one name or address in the text, as an entry of the list or as a browser shows it; None where there is none, or more than one."""
    keys = instance.keys()
    # A path stands in `urls.txt` with a star behind it.
    text = text.strip().removesuffix("*").removeprefix("*.").rstrip()
    try:
        found = resources.parse(text, text_digest=lambda words: sealing.text_digest(keys, words))
    except (NothingReported, TooManyResources):
        return None
    return found[0] if len(found) == 1 and found[0].host else None
