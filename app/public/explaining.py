"""The pages that explain this instance: about, with the drawing of a report's way, and privacy. They only tell."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, render_template
from flask_babel import get_locale

from app import instance
from app.public import drawing
from app.public.blueprint import page
from moderation import policy
from moderation.vocabulary import N_, Scope

# In the order that way.svg names them. A picture on a page cannot read the page's own colours, so house.css's stand here again.
LIGHT = ("#16211f", "#4d5b58", "#fbfaf7", "#fff", "#74827f", "#0b5d57", "#fff", "#1b6b3a", "#a8201a")
DARK = ("#e9efed", "#b3c0bc", "#101615", "#18211f", "#7d8c88", "#5cc9bd", "#06201d", "#9be0b3", "#ffb4ab")


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept: `until` is a sentence with a place for `time`, which is the number of that name in moderation/policy/."""

    number: str
    what: str
    how: str
    until: str

    @property
    def time(self) -> timedelta:
        """The number itself."""
        found: timedelta = getattr(policy, self.number)
        return found


KEPT = (
    Kept(
        "REPORT_TEXT_KEPT",
        N_("What you typed, and what was said about it since"),
        N_("Locked as it arrives, with a key of its own. Only the desk where reports are checked can open it."),
        N_("%(time)s after you sent it, at the latest. Then its key is destroyed, and nobody can read it again, not even we."),
    ),
    Kept(
        "REPORT_TEXT_KEPT",
        N_("Marks of what your words name"),
        N_("So that reports about the same number, name or text are found. A mark cannot be turned back into words."),
        N_("Deleted together with what you typed."),
    ),
    Kept(
        "CONTACT_KEPT",
        N_("How to reach you, if you told us"),
        N_("Locked apart from the rest."),
        N_("%(time)s after the last thing you reported is decided."),
    ),
    Kept(
        "RESOURCE_KEPT",
        N_("The address or name you reported"),
        N_("Cleaned of what could point to a person. People who check read it; it does not say who reported it."),
        N_("%(time)s after it went off the list, or after we decided not to list it."),
    ),
    Kept(
        "APPLICATION_KEPT",
        N_("What a network tells us when it asks for the list"),
        N_("The organisation, who answers for it, and why. Only those who decide about it read it."),
        N_("%(time)s after we declined it, or after it came and nobody decided. Of a network that has the list it stays."),
    ),
    Kept(
        "WEBHOOK_KEPT",
        N_("That a network’s program was told of a removal"),
        N_("Which network, when, and whether it arrived. Without any address."),
        N_("%(time)s after it was made."),
    ),
    Kept(
        "CHANGES_KEPT",
        N_("Which addresses came on the list, and which left it"),
        N_("Public, without any report. Programs that fetch only what changed learn from it what to let through again."),
        N_("%(time)s after the change."),
    ),
    Kept(
        "DECISIONS_KEPT",
        N_("What was decided, and why"),
        N_("So that it can be proved later that everything went by the rules. Without the words of any report."),
        N_("%(time)s."),
    ),
    Kept(
        "UPLOAD_KEPT",
        N_("Results of a partner’s file"),
        N_("For organisations that send many reports in one file: which lines were taken in."),
        N_("%(time)s. Then they, and anything left of the file, are deleted."),
    ),
    Kept(
        "REQUEST_KEY_KEPT",
        N_("The mark of a partner’s request"),
        N_("For organisations that report by machine, so that nothing is taken in twice."),
        N_("%(time)s."),
    ),
)
"""Every number on keeping that moderation/policy/ sets, in the order it is read; a test names one that has no words here."""


@page("/about", "about")
def about() -> str:
    """Who decides, how, and what this list does not do."""
    return render_template(
        "public/about.html",
        contact=instance.settings().contact,
        page_lasts=policy.LISTING_LIFETIME[Scope.PAGE],
        website_lasts=policy.LISTING_LIFETIME[Scope.HOST],
        way=drawing.drawing(),
        steps=drawing.STEPS,
        ends=drawing.ENDS,
        last=drawing.LAST,
    )


@page("/about/way.svg", "way")
def way() -> Response:
    """What happens to a report, in one drawing."""
    return _drawn(LIGHT)


@page("/about/way-dark.svg", "way_dark")
def way_dark() -> Response:
    """The same for who reads in the dark."""
    return _drawn(DARK)


@page("/privacy", "privacy")
def privacy() -> str:
    """What is kept, for how long, and what is never kept."""
    return render_template("public/privacy.html", contact=instance.settings().contact, kept=KEPT)


def _drawn(colours: tuple[str, ...]) -> Response:
    right_to_left = get_locale().character_order == "right-to-left"
    drawn = render_template("public/way.svg", way=drawing.drawing(), colours=colours, right_to_left=right_to_left)
    return Response(drawn, mimetype="image/svg+xml")
