"""What an assessment asks and answers, and what a safeguard says to it."""

from app.desk.words._grouping import grouped
from app.indicators import About, Grade
from moderation.safeguards import PROTECTIONS
from moderation.vocabulary import N_, ChildMaterial, Conflict, Effect, Element, EvidenceSource, Presence, WeakCue

LABELS = grouped(
    element={
        Element.ACT: N_("The act"),
        Element.MEANS: N_("The means"),
        Element.PURPOSE: N_("The purpose"),
    },
    element_hint={
        Element.ACT: N_("Recruiting, moving, handing over, sheltering or receiving a person."),
        Element.MEANS: N_("Threat, force, deceit, abuse of power or of a weak position, or payment for control. Not needed under 18."),
        Element.PURPOSE: N_("Exploitation: sexual, forced work or services, slavery, servitude, organs."),
    },
    source={
        EvidenceSource.PAGE: N_("On the page itself"),
        EvidenceSource.REPORT: N_("In a report"),
        EvidenceSource.OTHER_REPORT: N_("In another, independent report"),
        EvidenceSource.PUBLIC_RECORD: N_("In a public record"),
        EvidenceSource.PARTNER: N_("From a partner organisation"),
    },
    cue={
        WeakCue.NONE: N_("What is told or shown here"),
        WeakCue.YOUNG_LOOK: N_("Only that somebody looks young"),
        WeakCue.SCREENING: N_("Only that clients are screened"),
        WeakCue.TOURING: N_("Only that somebody travels or is new in town"),
        WeakCue.AGE_UNDER_23: N_("Only a stated age from 18 to 22"),
    },
    presence={
        Presence.SAME: N_("There, as the reports say"),
        Presence.CHANGED: N_("There, but changed"),
        Presence.REDIRECTS: N_("It leads elsewhere"),
        Presence.PARKED: N_("Parked: only adverts or a notice of sale"),
        Presence.GONE: N_("Gone"),
        Presence.NOT_LOOKED: N_("I did not look, or could not"),
    },
    child_material={
        ChildMaterial.NO: N_("No, nothing says so"),
        ChildMaterial.SUSPECTED: N_("It is suspected"),
    },
    protection=PROTECTIONS,
    conflict={
        Conflict.NONE: N_("None that I know of"),
        Conflict.MINE: N_("I have an interest of my own"),
        Conflict.GOVERNMENT: N_("A government asks for it"),
        Conflict.COMPETITOR: N_("A competitor or private opponent asks for it"),
    },
    grade={
        Grade.VALIDATED: N_("tested"),
        Grade.REPORTED: N_("reported, not tested"),
        Grade.FOLK: N_("believed, not borne out"),
    },
    about={
        About.ADVERT: N_("In an advert"),
        About.JOB_OFFER: N_("In a job offer"),
    },
    effect={
        Effect.PASS: N_("Passed"),
        Effect.WARN: N_("Needs an answer"),
        Effect.THIRD: N_("A senior must agree"),
        Effect.BLOCK: N_("Refused"),
    },
)
