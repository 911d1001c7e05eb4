"""What the desk calls things: a label for each value of the rules, and times as people say them. Knows no case."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import ModuleType
from urllib.parse import unquote

import idna
from flask_babel import gettext as _

from app.indicators import About, Grade
from app.languages import set_apart
from moderation import policy, resources
from moderation.queue import Point, TakenOver, Why
from moderation.reviewing import Nearness, Reason
from moderation.safeguards import PROTECTIONS, SAFEGUARDS
from moderation.states import Action, State
from moderation.vocabulary import (
    N_,
    Category,
    ChildMaterial,
    ComesBack,
    Conflict,
    DeskLane,
    Effect,
    Element,
    EmergencyReason,
    EvidenceSource,
    Finding,
    HostClass,
    Lane,
    LookAlike,
    Manner,
    MessageKind,
    Outcome,
    Presence,
    Role,
    Scope,
    TakeoverReason,
    WeakCue,
)

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

WORDS = frozenset({"kind", "group"})
"""Values of findings that are words of the rules, and so are translated; a host or a number never is."""

LABELS: Mapping[str, str] = {
    **{f"state.{key}": text for key, text in {
        State.WAITING: N_("Waiting"),
        State.PROPOSED: N_("Needs a second person"),
        State.AWAITING_THIRD: N_("Needs a senior"),
        State.MONITORED: N_("To look at again"),
        State.AWAITING_EVIDENCE: N_("Waits for evidence"),
        State.TAKEDOWN_ASKED: N_("Takedown asked for"),
        State.ON_HOLD: N_("On hold at the request of the police"),
        State.LISTED: N_("Listed"),
        State.RE_REVIEW: N_("Listed, to be reviewed again"),
        State.SUSPENDED: N_("Suspended: off the list until somebody looks"),
        State.REFERRED: N_("Referred"),
        State.DUPLICATE: N_("Duplicate"),
        State.REMOVED_AT_SOURCE: N_("Removed at the source"),
        State.REJECTED: N_("Rejected"),
        State.NOT_LISTED: N_("Not listed"),
        State.DELISTED: N_("Delisted"),
        State.EXPIRED: N_("Expired"),
    }.items()},
    **{f"category.{key}": text for key, text in {
        Category.SEXUAL: N_("Sexual exploitation"),
        Category.LABOUR: N_("Forced work"),
        Category.CHILD: N_("A child"),
        Category.MOVED: N_("Moved or held"),
        Category.UNSURE: N_("Not sure"),
    }.items()},
    **{f"desk_lane.{key}": text for key, text in {
        DeskLane.DANGER: N_("Danger"),
        DeskLane.MINORS: N_("Minors"),
        DeskLane.STANDARD: N_("Standard"),
        DeskLane.SLOW: N_("Slower"),
        DeskLane.SECOND: N_("Second review"),
        DeskLane.THIRD: N_("Third review"),
        DeskLane.RE_REVIEW: N_("Re-review"),
        DeskLane.SUSPENDED: N_("Suspended"),
        "expiring": N_("Expiring"),
        "parked": N_("Parked"),
    }.items()},
    **{f"because.{key}": text for key, text in {
        Category.SEXUAL: N_("sexual exploitation may be in it"),
        Category.LABOUR: N_("forced work may be in it"),
        Category.CHILD: N_("a child may be concerned"),
        Category.MOVED: N_("somebody may be moved or held"),
        Category.UNSURE: N_("the reporter is not sure what it is"),
    }.items()},
    **{f"why.{key}": text for key, text in {
        Why.DANGER: N_("somebody may be in danger now"),
        Why.STAGE: N_("a report says what happens to people"),
        Why.PARTNER: N_("an accredited partner sent it"),
        Why.CHANNELS: N_("it came by channels that are independent"),
        Why.AGE: N_("it has waited long"),
        Why.DUE: N_("its listing is due to be looked at again"),
        Why.DISPUTED: N_("a network says that its listing is wrong"),
        Why.SLOW: N_("its reports came by the slower lane"),
    }.items()},
    **{f"lane.{key}": text for key, text in {Lane.STANDARD: N_("Standard"), Lane.SLOW: N_("Slower")}.items()},
    **{f"kind.{name}": str(kind.LABEL) for name, kind in resources.KINDS.items()},
    **{f"scope.{key}": text for key, text in {
        Scope.PAGE: N_("This page"),
        Scope.PATH: N_("This path"),
        Scope.HOST: N_("This name"),
        Scope.DOMAIN: N_("The whole domain"),
    }.items()},
    **{f"covers.{key}": text for key, text in {
        Scope.PAGE: N_("One address, by http and https. Only networks that can match pages act on it; name servers leave it out."),
        Scope.PATH: N_("Every page whose address begins so. Only networks that can match pages act on it; name servers leave it out."),
        Scope.HOST: N_("Every page of this name and of every name below it, for everyone who uses it. Two people and a senior must agree."),
        Scope.DOMAIN: N_("Every page, every name below it, and mail and other services too. Two people and a senior must agree."),
    }.items()},
    **{f"outcome.{key}": text for key, text in {
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
    }.items()},
    **{f"comes_back.{key}": text for key, text in {
        ComesBack.MONITOR: N_("To look again"),
        ComesBack.EVIDENCE: N_("Evidence was waited for"),
        ComesBack.TAKEDOWN: N_("To see whether it was taken down"),
        ComesBack.HOLD: N_("The hold that the police asked for ends"),
        ComesBack.RE_REVIEW: N_("The listing is due for its re-review"),
        ComesBack.EXPIRING: N_("The listing ends soon: renew it, or let it end"),
        ComesBack.CHANGED: N_("What is there changed, so it left the list"),
        ComesBack.DISPUTED: N_("A network says that this listing is wrong: look at it again"),
    }.items()},
    "sealed.address": N_("Address"),
    "sealed.passed_on": N_("What was passed on"),
    "sealed.note": N_("Why"),
    "sealed.earlier": N_("What was passed on before"),
    **{f"ended.{key}": text for key, text in {
        "expired": N_("its time ran out"),
        "delisted": N_("somebody took it off the list"),
        "emergency": N_("it was taken off in an emergency"),
        "dead": N_("what was listed is gone"),
        "suspended": N_("what was listed changed, or leads elsewhere"),
        "not looked at in time": N_("nobody reviewed it in time"),
        "narrowed": N_("less of it is listed now"),
        "renewed": N_("a new round listed it again"),
        "not renewed": N_("a new round did not list it again"),
    }.items()},
    "detail.recipient": N_("Who was asked"),
    "detail.asked": N_("What they were asked to do"),
    "detail.back_at": N_("Back on"),
    "detail.where": N_("Where to look"),
    "detail.country": N_("Country"),
    "detail.their_reference": N_("Their reference"),
    "detail.passed_on": N_("What was passed on"),
    "detail.referred_at": N_("When"),
    "detail.hold_until": N_("Hold until"),
    "detail.duplicate_of": N_("Which case"),
    "detail.misuse": N_("What was misused"),
    **{f"emergency.{key}": text for key, text in {
        EmergencyReason.WRONG_TARGET: N_("The wrong thing is listed"),
        EmergencyReason.TOO_WIDE: N_("Lawful pages or services are hit"),
        EmergencyReason.SOMEONE_AT_RISK: N_("Listing it puts somebody at risk"),
        EmergencyReason.COURT_ORDER: N_("A court or an authority orders it"),
        EmergencyReason.OTHER: N_("Something else"),
    }.items()},
    **{f"element.{key}": text for key, text in {
        Element.ACT: N_("The act"),
        Element.MEANS: N_("The means"),
        Element.PURPOSE: N_("The purpose"),
    }.items()},
    **{f"element_hint.{key}": text for key, text in {
        Element.ACT: N_("Recruiting, moving, handing over, sheltering or receiving a person."),
        Element.MEANS: N_("Threat, force, deceit, abuse of power or of a weak position, or payment for control. Not needed under 18."),
        Element.PURPOSE: N_("Exploitation: sexual, forced work or services, slavery, servitude, organs."),
    }.items()},
    **{f"source.{key}": text for key, text in {
        EvidenceSource.PAGE: N_("On the page itself"),
        EvidenceSource.REPORT: N_("In a report"),
        EvidenceSource.OTHER_REPORT: N_("In another, independent report"),
        EvidenceSource.PUBLIC_RECORD: N_("In a public record"),
        EvidenceSource.PARTNER: N_("From a partner organisation"),
    }.items()},
    **{f"cue.{key}": text for key, text in {
        WeakCue.NONE: N_("What is told or shown here"),
        WeakCue.YOUNG_LOOK: N_("Only that somebody looks young"),
        WeakCue.SCREENING: N_("Only that clients are screened"),
        WeakCue.TOURING: N_("Only that somebody travels or is new in town"),
        WeakCue.AGE_UNDER_23: N_("Only a stated age from 18 to 22"),
    }.items()},
    **{f"presence.{key}": text for key, text in {
        Presence.SAME: N_("There, as the reports say"),
        Presence.CHANGED: N_("There, but changed"),
        Presence.REDIRECTS: N_("It leads elsewhere"),
        Presence.PARKED: N_("Parked: only adverts or a notice of sale"),
        Presence.GONE: N_("Gone"),
        Presence.NOT_LOOKED: N_("I did not look, or could not"),
    }.items()},
    **{f"child_material.{key}": text for key, text in {
        ChildMaterial.NO: N_("No, nothing says so"),
        ChildMaterial.SUSPECTED: N_("It is suspected"),
    }.items()},
    **{f"protection.{key}": text for key, text in PROTECTIONS.items()},
    **{f"grade.{key}": text for key, text in {
        Grade.VALIDATED: N_("tested"),
        Grade.REPORTED: N_("reported, not tested"),
        Grade.FOLK: N_("believed, not borne out"),
    }.items()},
    **{f"about.{key}": text for key, text in {About.ADVERT: N_("In an advert"), About.JOB_OFFER: N_("In a job offer")}.items()},
    **{f"conflict.{key}": text for key, text in {
        Conflict.NONE: N_("None that I know of"),
        Conflict.MINE: N_("I have an interest of my own"),
        Conflict.GOVERNMENT: N_("A government asks for it"),
        Conflict.COMPETITOR: N_("A competitor or private opponent asks for it"),
    }.items()},
    **{f"host_class.{key}": text for key, text in {
        HostClass.POPULAR_10K: N_("Among the 10,000 most used"),
        HostClass.POPULAR_1M: N_("Among the million most used"),
        HostClass.BANK: N_("Bank"),
        HostClass.UNIVERSITY: N_("University"),
        HostClass.INFRASTRUCTURE: N_("Infrastructure others need"),
        HostClass.NEVER: N_("On the never-list"),
        HostClass.PROTECTED: N_("Protected content"),
        HostClass.PLATFORM: N_("Shared platform"),
        HostClass.DYNAMIC_DNS: N_("Dynamic DNS"),
        HostClass.SHORTENER: N_("Link shortener"),
        HostClass.LINK_IN_BIO: N_("Link-in-bio service"),
        HostClass.HOSTING: N_("Hosting that many share"),
        HostClass.PARKING: N_("Domain parking"),
    }.items()},
    **{f"role.{key}": text for key, text in {
        Role.VOLUNTEER: N_("volunteer"),
        Role.MODERATOR: N_("moderator"),
        Role.SENIOR: N_("senior"),
        Role.AUDITOR: N_("auditor"),
        Role.ADMIN: N_("administrator"),
    }.items()},
    **{f"imitates.{key}": text for key, text in {
        Manner.MIXED_SCRIPT: N_("This name imitates %(host)s with some letters of another script."),
        Manner.WHOLE_SCRIPT: N_("This name imitates %(host)s with letters of another script."),
        Manner.SAME_SCRIPT: N_("This name imitates %(host)s with letters that look like other letters."),
    }.items()},
    **{f"nearness.{key}": text for key, text in {
        Nearness.SAME_RESOURCE: N_("The same resource"),
        Nearness.SAME_HOST: N_("On the same host"),
        Nearness.WITH_OR_WITHOUT_WWW: N_("The same host, but for “www.”"),
        Nearness.SAME_DOMAIN: N_("On the same domain"),
        Nearness.NAMED_HERE: N_("Named in a report’s text here"),
        Nearness.NAMES_THIS: N_("A report’s text there names this"),
        Nearness.BOTH_NAME: N_("Named in both texts"),
        Nearness.NEAR_TEXT: N_("A text there says much the same"),
    }.items()},
    "urgency.high": N_("High"),
    "urgency.medium": N_("Medium"),
    "urgency.low": N_("Low"),
    **{f"effect.{key}": text for key, text in {
        Effect.PASS: N_("Passed"),
        Effect.WARN: N_("Needs an answer"),
        Effect.THIRD: N_("A senior must agree"),
        Effect.BLOCK: N_("Refused"),
    }.items()},
    **{f"action.{key}": text for key, text in {
        "answer received": N_("A reporter answered"),
        "assessment refused": N_("Assessment refused"),
        "case claimed": N_("Case claimed"),
        "case handed back": N_("Case handed back"),
        "case let go": N_("Case let go: its holder works here no more"),
        "case let go aside": N_("Case let go: its holder stands aside from one that joined it"),
        "case parked": N_("Case parked"),
        "case waits again": N_("Case waits again: its day has come"),
        "lease ended": N_("Lease ended, case free"),
        "lanes chosen": N_("Lanes of the next case chosen"),
        "case taken over": N_("Case taken over"),
        "case taken from its holder": N_("Taken over by a senior from who held it"),
        "note written": N_("Note written"),
        "case handed over": N_("Handed over"),
        "stood aside": N_("Stood aside"),
        f"case {Action.PROPOSE}": N_("Listing proposed"),
        f"case {Action.PASS_ON}": N_("Passed on to a senior"),
        f"case {Action.CONFIRM}": N_("Listing confirmed"),
        f"case {Action.DISAGREE}": N_("Closed: no agreement to list"),
        f"case {Action.WITHDRAW}": N_("Proposal withdrawn"),
        f"case {Action.WITHDRAW_RENEWAL}": N_("Renewal withdrawn"),
        f"case {Action.REJECT}": N_("Case rejected"),
        f"case {Action.MONITOR}": N_("Put aside, to look at again"),
        f"case {Action.AWAIT_EVIDENCE}": N_("Put aside until evidence comes"),
        f"case {Action.HAND_ON}": N_("Left to somebody else to look at"),
        f"case {Action.ASK_TAKEDOWN}": N_("Takedown asked for"),
        f"case {Action.HOLD}": N_("Put on hold at the request of the police"),
        f"case {Action.REFER}": N_("Closed: referred"),
        f"case {Action.MERGE}": N_("Closed: the same as another case"),
        f"case {Action.WAKE}": N_("Came back to the queue"),
        f"case {Action.REMOVED}": N_("Closed: removed at the source"),
        f"case {Action.REVIEW}": N_("Due for review"),
        f"case {Action.KEEP}": N_("Kept on the list"),
        f"case {Action.NARROW}": N_("Listing narrowed"),
        f"case {Action.SUSPEND}": N_("Suspended: off the list"),
        f"case {Action.DELIST}": N_("Taken off the list"),
        f"case {Action.EXPIRE}": N_("Left the list: its time ran out"),
        f"case {Action.TAKE_OUT}": N_("Closed: its only reporter said that this is their own"),
        "contacts shredded": N_("Reporters' contacts destroyed"),
        "consumer added": N_("Consumer added"),
        "false positive told": N_("A network called the listing wrong"),
        "false positives deleted": N_("Messages about wrong entries deleted after their time"),
        "consumer invited": N_("Consumer invited to its pages"),
        "consumer signed in": N_("Engineer of a consumer signed in"),
        "consumer applied": N_("A network asked for the list"),
        "consumer approved": N_("Network approved"),
        "consumer declined": N_("Network declined"),
        "consumer closed": N_("Network closed"),
        "consumer opened": N_("Network opened again"),
        "consumer token added": N_("Token of a network made"),
        "consumer token rotated": N_("Token of a network replaced"),
        "consumer token revoked": N_("Token of a network revoked"),
        "consumer addresses changed": N_("Formats that a network fetches by address changed"),
        "consumer networks changed": N_("Addresses that a network pulls from changed"),
        "consumer key changed": N_("Key to a consumer's pages changed"),
        "file taken in": N_("File taken in"),
        "file uploaded": N_("File uploaded"),
        "growth allowed": N_("More growth allowed by a second person"),
        "growth asked": N_("More growth asked for"),
        "growth taken back": N_("More growth taken back"),
        "entries held back": N_("Entries held back from the list"),
        "first key to let go": N_("First key turned for a held entry"),
        "held entry let go": N_("Held entry let go by a second person"),
        "emergency delisting reviewed": N_("Emergency delisting reviewed"),
        "hold lifted": N_("Hold lifted"),
        "listing began": N_("Listing began"),
        "listing ended": N_("Listing ended"),
        "known hosts imported": N_("Known hosts imported"),
        "known hosts forgotten": N_("Known hosts forgotten"),
        "made-up load added": N_("Made-up load added"),
        "notice recorded": N_("Notice recorded"),
        "referral recorded": N_("Referral recorded"),
        "receipt recorded": N_("A hotline’s receipt came"),
        "receipt struck": N_("A hotline’s receipt was struck"),
        "address sealed": N_("Address sealed for the hotline"),
        "sealed address shown": N_("Sealed address shown"),
        "sealed address destroyed": N_("Sealed address destroyed"),
        "resource looked at": N_("Somebody looked at it"),
        "own resource taken out": N_("A reporter took something of their own out of a report"),
        "partner added": N_("Partner added"),
        "partner suspended": N_("Partner suspended"),
        "partner token rotated": N_("Partner token rotated"),
        "partner tokens revoked": N_("Partner tokens revoked"),
        "person added": N_("Person added"),
        "person disabled": N_("Account closed"),
        "question asked": N_("Question asked"),
        "release made": N_("Release made"),
        "reports joined": N_("Reports of another case joined"),
        "reports sent": N_("Partner sent many reports"),
        "report added to": N_("Report added to"),
        "report received": N_("Report received"),
        "report texts shredded": N_("Report texts destroyed"),
        "report withdrawn": N_("Report withdrawn"),
        "resource addresses erased": N_("Addresses erased"),
        "sign-in rests": N_("Sign-in rests after wrong tries"),
        "signed in": N_("Signed in"),
        "tokens revoked": N_("Tokens revoked"),
    }.items()},
    **{f"message.{key}": text for key, text in {
        MessageKind.QUESTION: N_("The desk asked"),
        MessageKind.ANSWER: N_("The reporter answered"),
        MessageKind.ADDITION: N_("The reporter added"),
    }.items()},
    **{f"takeover.{key}": text for key, text in {
        TakeoverReason.AWAY: N_("The holder is away"),
        TakeoverReason.ASKED: N_("The holder asked for it"),
        TakeoverReason.URGENT: N_("It cannot wait"),
    }.items()},
    "seat.1": N_("First seat"),
    "seat.2": N_("Second seat"),
    "seat.3": N_("Third seat"),
}  # fmt: skip


def label(value: object, group: str) -> str:
    """The words for a value; a plug-in's identifier that has none yet is shown as it is."""
    text = LABELS.get(f"{group}.{value}")
    return _(text) if text else str(value).replace("_", " ")


def readable(canonical: str) -> str:
    """An address as its readers see it, where that differs: for reading only, never for deciding. Empty where it is the same."""
    scheme, mark, rest = canonical.rpartition("://")
    host, slash, path = rest.partition("/")
    shown = f"{scheme}{mark}{'.'.join(_label_shown(part) for part in host.split('.'))}{slash}{unquote(path)}"
    # Controls and marks of direction could make one address look like another.
    plain = "".join(sign for sign in shown if unicodedata.category(sign)[0] != "C")
    return plain if plain != canonical else ""


def _label_shown(part: str) -> str:
    if not part.startswith("xn--"):
        return part
    try:
        return idna.decode(part)
    except idna.IDNAError:
        return part


def visible(text: str) -> str:
    """A reporter's text with each control, and each sign that turns the direction of others around, spelled out."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def said(sentence: str, values: Mapping[str, object]) -> str:
    """A finding's sentence in the page's language, its places filled."""
    translated: str = _(sentence) if sentence else ""
    return translated % {name: _(value) if name in WORDS else value for name, value in values.items()} if values else translated


def safeguard(finding: Finding) -> ModuleType | None:
    """The check behind a finding, None where it has since been removed."""
    return SAFEGUARDS.get(finding.safeguard)


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit."""
    hours = int((now - since) / timedelta(hours=1))
    if hours < 1:
        return str(_("under 1 h"))
    if hours < 48:
        return str(_("%(hours)s h", hours=hours))
    return str(_("%(days)s d", days=hours // 24))


def imitates(look_alike: LookAlike) -> str:
    """What is seen of a name that looks like another, as a sentence; the name stands apart from the direction of the words."""
    return label(look_alike.manner, "imitates") % {"host": f"\u2068{look_alike.host}\u2069"}


def taken_over(taken: TakenOver) -> str:
    """Who took a case from its holder, when and why, as a sentence to that person."""
    why = label(taken.because, "takeover")
    when = set_apart(f"{taken.at:%Y-%m-%d %H:%M}")
    return str(_("%(name)s took this case over from you, on %(when)s UTC. Why: %(why)s.", name=taken.by, when=when, why=why))


def why_near(reason: Reason) -> str:
    """Why another case may belong with this one, with the kind of thing that a text names."""
    words = label(reason.nearness, "nearness")
    return f"{words}: {label(reason.kind, 'kind')}" if reason.kind else words


def minutes_left(until: datetime | None, now: datetime) -> int:
    """Whole minutes of a lease, 0 where it has ended."""
    return 0 if until is None else max(0, -int((now - until) // timedelta(minutes=1)))


def urgency(priority: int) -> str:
    """How urgent a case is, in three steps: "high", "medium" or "low"."""
    if priority >= policy.PRIORITY_BY_CATEGORY[Category.CHILD]:
        return "high"
    return "medium" if priority >= policy.PRIORITY_BY_CATEGORY[Category.LABOUR] else "low"


def urgency_reasons(points: Iterable[Point]) -> tuple[tuple[str, int], ...]:
    """Each reason for a case's place in the queue, with its points."""
    return tuple((label(point.about, "because") if point.about else label(point.why, "why"), point.points) for point in points)
