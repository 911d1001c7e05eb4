"""What one person concludes where nothing is to be listed, with the few fields that each outcome has. Judges nothing."""

from dataclasses import dataclass
from datetime import datetime

from moderation.vocabulary.assessment import ChildMaterial, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """An outcome that one person can decide. Which fields it needs is for `reviewing.closing`; the rest are passed over."""

    outcome: Outcome
    note: str = ""
    """Why, in a sentence; for evidence, what is missing."""
    sent_none_of_the_reports: bool = False
    recipient: str = ""
    """Who is asked to act: at the source, or to whom the case is referred."""
    asked: str = ""
    """What is asked at the source."""
    back_at: datetime | None = None
    """When to look again, by when to act, or when evidence is waited for no longer."""
    where: str = ""
    """Where evidence may be found."""
    hand_on: bool = False
    """Somebody else should take the case: it goes back to the queue at once, for anyone but this person."""
    proof: str = ""
    sent_at: datetime | None = None
    """How it can be shown that the source was told, and when that was."""
    country: str = ""
    their_reference: str = ""
    passed_on: str = ""
    referred_at: datetime | None = None
    hold_until: datetime | None = None
    child_material: ChildMaterial | None = None
    """Whether sexual images of a child are why it goes to a hotline: then its address is sealed."""
    duplicate_of: str = ""
    """The other case: its reference, or what it is about."""
    misuse: str = ""
    """What was misused, where a report was abusive."""
