"""Advice in plain words for young people, parents and job seekers, cards to print, and where the advice comes from. Gives no numbers."""

import io
from dataclasses import dataclass

import segno
from flask import Response, render_template, url_for

from app import instance
from app.public.blueprint import page

CARDS_ON_A_SHEET = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that the advice rests on, named in its own language."""

    publisher: str
    title: str
    address: str


TAKE_IT_DOWN = Source("National Center for Missing & Exploited Children", "Take It Down", "https://takeitdown.ncmec.org/faq/")
RESOURCE_CENTRE = "National Children’s Advocacy Center"

SOURCES = {
    "phone": (
        Source("Somerset Survivors", "Cover your tracks", "https://somersetsurvivors.org.uk/somerset-survivors/cover/"),
        Source("Scottish Borders Council", "Covering your tracks online", "https://www.scotborders.gov.uk/domestic-abuse/4"),
    ),
    "young": (
        Source("CEOP Education", "Online grooming", "https://ceopeducation.co.uk/11_18/lets-talk-about/sexual-abuse/online-grooming"),
        Source(
            "Childline",
            "Support if something happened online",
            "https://www.childline.org.uk/info-advice/bullying-abuse-safety/online-mobile-safety/support-something-happened-online/",
        ),
        Source(
            RESOURCE_CENTRE,
            "Steps to take following financial sextortion",
            "https://www.nationalcac.org/steps-to-take-following-financial-sextortion/",
        ),
        TAKE_IT_DOWN,
    ),
    "parents": (
        Source(
            "NSPCC",
            "What to do if a child reveals abuse",
            "https://www.nspcc.org.uk/keeping-children-safe/reporting-abuse/what-to-do-child-reveals-abuse/",
        ),
        Source(
            "ITV News, NSPCC",
            "How to spot if your child is being groomed",
            "https://www.itv.com/news/2019-07-30/how-spot-if-your-child-is-being-groomed-and-keep-them-safe-online",
        ),
        Source(
            "Internet Matters",
            "Online grooming guide",
            "https://www.internetmatters.org/resources/online-grooming-guide-what-parents-need-to-know/",
        ),
        Source(
            RESOURCE_CENTRE,
            "Steps to take following financial sextortion",
            "https://www.nationalcac.org/steps-to-take-following-financial-sextortion/",
        ),
        TAKE_IT_DOWN,
    ),
    "jobs": (
        Source(
            "National Human Trafficking Hotline",
            "Safety planning information",
            "https://humantraffickinghotline.org/en/safety-planning-information",
        ),
        Source("Polaris", "Vulnerabilities & recruitment", "https://polarisproject.org/vulnerabilities-and-recruitment/"),
        Source(
            "International Labour Organization",
            "General principles for fair recruitment, and definition of recruitment fees",
            "https://migrationnetwork.un.org/resources/general-principles-and-operational-guidelines-fair-recruitment-and-definition-recruitment",
        ),
        Source(
            "International Organization for Migration", "Recruitment fees & costs", "https://policynetwork.iom.int/recruitment-fees-costs"
        ),
        Source(
            "The Straits Times, INTERPOL",
            "Interpol warns of scam syndicates’ role in human trafficking",
            "https://www.straitstimes.com/singapore/"
            "interpol-warns-of-scam-syndicates-role-in-human-trafficking-thousands-lured-with-job-offers",
        ),
    ),
}
"""By page; each was read before the advice was written, in words of our own."""


@page("/safety", "safety")
def safety() -> str:
    """Three doors to advice, and what to do when someone checks the phone."""
    return render_template("public/safety.html", sources=SOURCES["phone"])


@page("/safety/young-people", "safety_young")
def safety_young() -> str:
    """For who is young."""
    return render_template("public/safety_young.html", sources=SOURCES["young"], take_it_down=TAKE_IT_DOWN)


@page("/safety/parents", "safety_parents")
def safety_parents() -> str:
    """For who looks after somebody young."""
    return render_template("public/safety_parents.html", sources=SOURCES["parents"], take_it_down=TAKE_IT_DOWN)


@page("/safety/job-seekers", "safety_jobs")
def safety_jobs() -> str:
    """For who looks for work, near or far."""
    return render_template("public/safety_jobs.html", sources=SOURCES["jobs"])


@page("/cards", "cards")
def cards() -> str:
    """A sheet of cards to print, in the page's language; on the screen it shows one."""
    return render_template("public/cards.html", address=_report_address().removeprefix("https://"), cards=range(CARDS_ON_A_SHEET))


@page("/cards/code.svg", "cards_code")
def cards_code() -> Response:
    """The report page's address for a camera. Always dark on light: cameras read nothing else for certain."""
    drawn = io.BytesIO()
    segno.make(_report_address(), error="m", micro=False).save(drawn, kind="svg", dark="#000", light="#fff", border=2, scale=4)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


def _report_address() -> str:
    settings = instance.settings()
    return f"{settings.base_url}{url_for('public.report')}"
