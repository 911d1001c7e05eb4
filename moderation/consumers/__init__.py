"""Networks that pull the list: how they sign up, how their engineers reach pages of their own, their tokens, and what they carry."""

from moderation.consumers.adding import CHANGES, ConsumerSeen, add_consumer, choices, consumer_called, consumer_for
from moderation.consumers.addresses import come_from, fetch_by_address, networks_in
from moderation.consumers.applying import (
    ApplicationSeen,
    Asked,
    Waiting,
    apply,
    approve,
    decline,
    decline_several,
    forget_old_applications,
    number_of,
    waiting,
)
from moderation.consumers.carrying import Carried, Gone, State, Still, carried_by, note, states, still_carried
from moderation.consumers.closing import ConsumerListed, close, everyone, one, reopen
from moderation.consumers.entering import Engineer, change_key, enter, forget_old, invite, leave, seen, touch
from moderation.consumers.tokens import TokenSeen, add_token, revoke_token, revoke_tokens, rotate_token, tokens_of

__all__ = [
    "CHANGES",
    "ApplicationSeen",
    "Asked",
    "Carried",
    "ConsumerListed",
    "ConsumerSeen",
    "Engineer",
    "Gone",
    "State",
    "Still",
    "TokenSeen",
    "Waiting",
    "add_consumer",
    "add_token",
    "apply",
    "approve",
    "carried_by",
    "change_key",
    "choices",
    "close",
    "come_from",
    "consumer_called",
    "consumer_for",
    "decline",
    "decline_several",
    "enter",
    "everyone",
    "fetch_by_address",
    "forget_old",
    "forget_old_applications",
    "invite",
    "leave",
    "networks_in",
    "note",
    "number_of",
    "one",
    "reopen",
    "revoke_token",
    "revoke_tokens",
    "rotate_token",
    "seen",
    "states",
    "still_carried",
    "tokens_of",
    "touch",
    "waiting",
]
