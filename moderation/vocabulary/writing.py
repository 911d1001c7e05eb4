"""What is said of a sentence that somebody had to write. Knows no form and no number."""

from typing import Final

from moderation.vocabulary.marking import N_

TOO_SHORT: Final = N_("This is too short to tell anybody anything. Write a whole sentence.")


def too_little(text: str, *, least: int, nothing: str) -> str:
    """Why the text does not do: `nothing` where nothing is written; empty where it has as many characters as it must."""
    written = text.strip()
    if len(written) >= least:
        return ""
    return TOO_SHORT if written else nothing
