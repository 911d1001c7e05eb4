"""What one check finds at several fields at once: the first finding carries the others. Judges nothing."""

from collections.abc import Sequence
from dataclasses import replace

from moderation.vocabulary import Finding


def as_one(found: Sequence[Finding]) -> Finding:
    """The first of them, with the others as its `more`."""
    return replace(found[0], more=tuple(found[1:]))
