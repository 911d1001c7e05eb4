"""The refusals of RS19, one of which the rules give out alone: where it stands, nothing else needs asking."""

from typing import Final

from moderation.vocabulary import N_, Effect, Finding


def block(reason: str, way_forward: str) -> Finding:
    """Refuse, beside the question about such images."""
    return Finding(safeguard="RS19", effect=Effect.BLOCK, reason=reason, way_forward=way_forward, field="child_material")


SUSPECTED: Final = block(
    N_("Sexual images of a child are suspected, so this is for a hotline and can never be listed here."),
    N_(
        "Do not open, fetch, save or describe it. Close the case as “Refer to a hotline”: "
        "only the sealed address, the time and the referral are kept, and the address goes after their receipt."
    ),
)
"""What is said of every listing where such images are suspected."""
