"""Which good row is copied, and what is changed in its copy, as SQL in which `good` is that row."""

from moderation.vocabulary import (
    HeldBecause,
    KeyKind,
    MessageKind,
    Scope,
)

PAGE, PATH, HOST, DOMAIN = (f"scope = '{scope}'" for scope in Scope)
WAITING, LISTED, OPEN, CLOSED = "state = 'waiting'", "state = 'listed'", "closed_at IS NULL", "closed_at IS NOT NULL"
FRESH = {"id": "-1", "reference": "gen_random_uuid()"}
ANY = "true"
GROWTH, UNFIT = (f"because = '{because}'" for because in (HeldBecause.GROWTH, HeldBecause.UNFIT))
INVITATION, KEY = (f"kind = '{kind}'" for kind in KeyKind)
DECLINED, UNDECIDED = "outcome = 'declined'", "outcome IS NULL"
QUESTION, ANSWER, ADDITION = (f"kind = '{kind}'" for kind in MessageKind)
EMPTY = dict.fromkeys(("sealed", "contact", "recipient", "receipt_recipient"), "NULL")
SECOND, NO_TARGET, SAID = "seat = 2", {"scope": "NULL", "target": "NULL"}, """good.answers || '{"child_material": "suspected"}'"""
SOON, LATER = "good.starts_at + interval '72 hours'", "good.starts_at + interval '72 hours 1 second'"
LIFTED = {"hold_until": "good.recorded_at + interval '1 day'", "hold_lifted_at": "now()", "hold_lifted_by": "good.recorded_by"}
RECEIPT = {"receipt_at": "good.recorded_at", "receipt_recorded_at": "good.recorded_at", "receipt_recorded_by": "good.recorded_by"}
NO_NAME = "'sealed:' || gen_random_uuid()::text"
LOOKED = {"reviewed_at": "now()", "was_right": "true"}
