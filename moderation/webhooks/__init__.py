"""Which addresses of networks are told what left the list, and how each message fares. Sends nothing, and never sees a secret in clear."""

from moderation.webhooks.addresses import UNREADABLE, DeliverySeen, WebhookSeen, add, all_of, end, end_all, resume, test
from moderation.webhooks.delivering import Message, came, spread, take, tend
from moderation.webhooks.removals import Gone

__all__ = [
    "UNREADABLE",
    "DeliverySeen",
    "Gone",
    "Message",
    "WebhookSeen",
    "add",
    "all_of",
    "came",
    "end",
    "end_all",
    "resume",
    "spread",
    "take",
    "tend",
    "test",
]
