"""How cases and listings end, with the details of each way."""

from app.desk.words._grouping import grouped
from moderation.vocabulary import N_, EmergencyReason, Outcome

LABELS = grouped(
    outcome={
        Outcome.LIST: N_("List it"),
        Outcome.LIST_TEMPORARY: N_("List one page for seven days"),
        Outcome.TAKEDOWN_ONLY: N_("Takedown at the source only"),
        Outcome.MONITOR: N_("Look again later"),
        Outcome.MORE_EVIDENCE: N_("More evidence is needed"),
        Outcome.REFER_POLICE: N_("Refer to the police"),
        Outcome.REFER_HOTLINE: N_("Refer to a hotline"),
        Outcome.REFER_SUPPORT: N_("Refer to a support organisation"),
        Outcome.DUPLICATE: N_("The same as another case"),
        Outcome.KEEP: N_("Keep it listed"),
        Outcome.NARROW: N_("List less of it"),
        Outcome.REJECT_LAWFUL: N_("Lawful, or protected speech"),
        Outcome.REJECT_SCOPE: N_("Not about trafficking, or not something a list can help with"),
        Outcome.REJECT_ABUSE: N_("A false or abusive report"),
        Outcome.NOT_LISTED: N_("Do not list: the evidence or the need is not there"),
        Outcome.WITHDRAWN: N_("Withdrawn"),
        Outcome.DELIST: N_("Delisted"),
    },
    detail={
        "recipient": N_("Who was asked"),
        "asked": N_("What they were asked to do"),
        "back_at": N_("Back on"),
        "where": N_("Where to look"),
        "country": N_("Country"),
        "their_reference": N_("Their reference"),
        "passed_on": N_("What was passed on"),
        "referred_at": N_("When"),
        "hold_until": N_("Hold until"),
        "duplicate_of": N_("Which case"),
        "misuse": N_("What was misused"),
    },
    ended={
        "expired": N_("its time ran out"),
        "delisted": N_("somebody took it off the list"),
        "emergency": N_("it was taken off in an emergency"),
        "dead": N_("what was listed is gone"),
        "suspended": N_("what was listed changed, or leads elsewhere"),
        "not looked at in time": N_("nobody reviewed it in time"),
        "narrowed": N_("less of it is listed now"),
        "renewed": N_("a new round listed it again"),
        "not renewed": N_("a new round did not list it again"),
    },
    emergency={
        EmergencyReason.WRONG_TARGET: N_("The wrong thing is listed"),
        EmergencyReason.TOO_WIDE: N_("Lawful pages or services are hit"),
        EmergencyReason.SOMEONE_AT_RISK: N_("Listing it puts somebody at risk"),
        EmergencyReason.COURT_ORDER: N_("A court or an authority orders it"),
        EmergencyReason.OTHER: N_("Something else"),
    },
    sealed={
        "address": N_("Address"),
        "passed_on": N_("What was passed on"),
        "note": N_("Why"),
        "earlier": N_("What was passed on before"),
    },
)
