"""Where a case stands, and why it stands there in the queue."""

from app.desk.words._grouping import grouped
from moderation.queue import Why
from moderation.states import State
from moderation.vocabulary import N_, Category, ComesBack, DeskLane, Lane, TakeoverReason

LABELS = grouped(
    state={
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
    },
    category={
        Category.SEXUAL: N_("Sexual exploitation"),
        Category.LABOUR: N_("Forced work"),
        Category.CHILD: N_("A child"),
        Category.MOVED: N_("Moved or held"),
        Category.UNSURE: N_("Not sure"),
    },
    desk_lane={
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
        "put_aside": N_("Put aside"),
    },
    lane={
        Lane.STANDARD: N_("Standard"),
        Lane.SLOW: N_("Slower"),
    },
    comes_back={
        ComesBack.MONITOR: N_("To look again"),
        ComesBack.EVIDENCE: N_("Evidence was waited for"),
        ComesBack.TAKEDOWN: N_("To see whether it was taken down"),
        ComesBack.HOLD: N_("The hold that the police asked for ends"),
        ComesBack.RE_REVIEW: N_("The listing is due for its re-review"),
        ComesBack.EXPIRING: N_("The listing ends soon: renew it, or let it end"),
        ComesBack.CHANGED: N_("What is there changed, so it left the list"),
        ComesBack.DISPUTED: N_("A network says that this listing is wrong: look at it again"),
    },
    urgency={
        "high": N_("High"),
        "medium": N_("Medium"),
        "low": N_("Low"),
    },
    why={
        Why.DANGER: N_("somebody may be in danger now"),
        Why.CHILD_MATERIAL: N_("somebody at the desk suspects sexual images of a child"),
        Why.STAGE: N_("a report says what happens to people"),
        Why.PARTNER: N_("an accredited partner sent it"),
        Why.CHANNELS: N_("it came by channels that are independent"),
        Why.AGE: N_("it has waited long"),
        Why.DUE: N_("its listing is due to be looked at again"),
        Why.DISPUTED: N_("a network says that its listing is wrong"),
        Why.SLOW: N_("its reports came by the slower lane"),
    },
    because={
        Category.SEXUAL: N_("sexual exploitation may be in it"),
        Category.LABOUR: N_("forced work may be in it"),
        Category.CHILD: N_("a child may be concerned"),
        Category.MOVED: N_("somebody may be moved or held"),
        Category.UNSURE: N_("the reporter is not sure what it is"),
    },
    seat={
        "1": N_("First seat"),
        "2": N_("Second seat"),
        "3": N_("Third seat"),
    },
    takeover={
        TakeoverReason.AWAY: N_("The holder is away"),
        TakeoverReason.ASKED: N_("The holder asked for it"),
        TakeoverReason.URGENT: N_("It cannot wait"),
    },
)
