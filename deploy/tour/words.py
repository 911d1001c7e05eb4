"""What the people of the tour write. Each seat has words of its own, so that a leak from one to another would be seen."""

from collections.abc import Mapping
from typing import Final

from deploy.tour import html
from deploy.tour.desk import Rung

REPORTER_SAW: Final = "They promised hotel work. When people came, their papers were taken and nobody was paid."
HOST_CONTACT: Final = "abuse@host.example"
NOTICE_PROOF: Final = "Ticket 2026-4711 of the host's abuse desk"
NOT_FOR_THE_LIST: Final = "Nothing here can be listed: no network could act on it. It may help with other cases."
WHY_DELISTED: Final = "The host has removed the offer, and the people who were held are safe."

SEATS: Final[Mapping[int, Mapping[str, str]]] = {
    1: {
        "provision": "Criminal Code, article 225-4-1",
        "territories": "FR, BE",
        "evidence_act": "Three people say that they answered this offer and were fetched at the airport.",
        "evidence_act_source": "report",
        "evidence_means": "The same three say that their passports were taken on the first evening.",
        "evidence_means_source": "partner",
        "evidence_purpose": "The labour inspection found nine people who worked sixteen hours a day unpaid.",
        "evidence_purpose_source": "public_record",
        "facilitation": "“Hotel work, bed and papers arranged: we fetch you at the airport.”",
        "lifeline": "Nobody who seeks help uses it, and the workers are in touch with a shelter already.",
        "statement_facts": "The offer promises hotel work. People who answered were held without papers and without pay.",
        "statement_legal_ground": "Recruitment for forced labour.",
        "statement_explanation": "The address is the way into the exploitation, and it is listed so that nobody else answers it.",
        "narrower": "The same offer comes back under a new address within a day, so listing less would not stop it.",
    },
    2: {
        "provision": "Penal code, trafficking in persons, paragraph 433",
        "territories": "Belgium, France",
        "evidence_act": "I compared the offer with two court files: the wording and the meeting place are the same.",
        "evidence_act_source": "public_record",
        "evidence_means": "A former worker told a partner that leaving was met with threats to the family.",
        "evidence_means_source": "partner",
        "evidence_purpose": "The wages that were promised went to the recruiter as a debt that kept growing.",
        "evidence_purpose_source": "report",
        "facilitation": "“No money now, you pay for the journey from your wages.”",
        "lifeline": "I found no contact, shelter or income that depends on it; the harm would not simply move.",
        "narrower": "I looked at the neighbouring pages, and each of them leads into the same trap.",
    },
    3: {
        "provision": "Directive 2011/36/EU as made law here",
        "territories": "FR BE",
        "evidence_act": "The recruiter named in the offer was convicted last year for the same scheme.",
        "evidence_act_source": "public_record",
        "evidence_means": "Partner organisations describe locked doors and a fine for every sick day.",
        "evidence_means_source": "partner",
        "evidence_purpose": "Ledgers seized in the earlier case show unpaid labour as the aim.",
        "evidence_purpose_source": "other_report",
        "facilitation": "“Write to the agent today, places go fast.”",
        "lifeline": "Support groups in the region were asked and rely on other channels.",
        "narrower": "In the earlier case a listing of single pages was evaded the same day.",
    },
}  # fmt: skip


def answers(seat: int, form: html.Form, rung: Rung, *, lifeline: bool = True) -> dict[str, str | bool]:
    """One seat's answers for this step of the ladder, as far as the form asks for them."""
    written = SEATS[seat]
    given: dict[str, str | bool] = {name: text for name, text in written.items() if name in form.names and (lifeline or name != "lifeline")}
    if rung.target.scope != "page":
        given |= {name: written["narrower"] for name in form.names if name.startswith("narrower_")}
    return given | {
        "target": rung.target.value,
        "conflict": "none",
        "still_there": "same",
        "sample_pages": "20",
        "sample_unrelated": "0",
        "expires_after": rung.expires_after,
        "review_after": rung.review_after,
        "sent_none_of_the_reports": True,
    }


def of_seats(*seats: int) -> tuple[str, ...]:
    """Every sentence that these seats wrote."""
    return tuple(text for seat in seats for name, text in SEATS[seat].items() if " " in text and name not in ("territories",))
