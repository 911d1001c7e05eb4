"""Networks that pull the list, beside the pulling itself: how they sign up, and how their engineers reach pages of their own."""

from moderation.consumers.entering import Engineer, change_key, enter, forget_old, invite, leave, seen, touch

__all__ = [
    "Engineer",
    "change_key",
    "enter",
    "forget_old",
    "invite",
    "leave",
    "seen",
    "touch",
]
