"""Questions to reporters, answers and additions."""

from typing import Final

OPEN_QUESTIONS_PER_REPORT: Final = 3
"""Questions that may wait for one reporter's answer at a time †: more is an interrogation."""

QUESTION_LIMIT: Final = 1_000
"""Characters of a question †."""

MESSAGE_LIMIT: Final = 5_000
"""Characters of an answer, or of what is added to a report †."""

ADDITIONS_PER_REPORT: Final = 20
"""How often one report may be added to †; whoever knows more sends another."""

REPORTS_ASKED_AT_ONCE: Final = 50
"""Reports that a question to all of a case reaches †: those that its page shows, so that nobody learns how many there are."""
