"""The refusal of RS21 that the rules give out alone: who has an interest of their own is asked nothing else."""

from typing import Final

from moderation.vocabulary import N_, Effect, Finding

OWN_INTEREST: Final = Finding(
    safeguard="RS21",
    effect=Effect.BLOCK,
    reason=N_("You have declared an interest of your own, so you can take no part in this decision."),
    way_forward=N_("A colleague will take it. You will not be offered this case again. Nothing counts against you."),
    field="conflict",
)
