"""Refusals: what a rule forbids, in words a person can act on. No status codes; app/errors.py maps each class to one."""


class Refusal(Exception):
    """Base of everything the rules refuse. `str(refusal)` is a sentence for the person who asked.

    `sentence` is N_-marked where it can reach a page; its %(name)s places are filled from `values`.
    """

    def __init__(self, sentence: str = "", /, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NotFound(Refusal):
    """Nothing with this reference exists, or this person may not know that it does."""


class NotAllowed(Refusal):
    """This person's role does not allow the act."""


class IllegalTransition(Refusal):
    """The case is not in a state from which this action is possible."""


class HeldByAnother(Refusal):
    """Someone else holds the case, or this person's lease has run out and another took it."""


class HoldsTooMany(Refusal):
    """This person holds as many cases as one may."""


class Stale(Refusal):
    """The case changed after the page was read: what was decided on is no longer what is there."""


class NotIndependent(Refusal):
    """The two-person rule: this person already took part, or sent one of the reports."""


class DeclarationMissing(Refusal):
    """A seat must declare that its person sent none of the case's reports."""


class AlreadyListed(Refusal):
    """The same target is on the list at the same scope already."""


class NotOnLadder(Refusal):
    """The target is not one that this resource can be listed at: it would widen the listing."""


class InvalidAnswer(Refusal):
    """An answer is missing or malformed. `faults` maps field to sentence."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class TooManyResources(Refusal):
    """One report names more resources than one report can hold."""

    def __init__(self, sentence: str, /, *, found: int, allowed: int) -> None:
        super().__init__(sentence, found=found, limit=allowed)
        self.found = found
        self.allowed = allowed


class NothingReported(Refusal):
    """The report names nothing at all."""


class ReceiptUnknown(Refusal):
    """No report has this receipt code."""


class ReportWithdrawn(Refusal):
    """The reporter took the report back: nothing can be asked of it or added to it."""


class NobodyToAsk(Refusal):
    """None of the reports can be asked: withdrawn, too old, or older than questions."""


class TooManyMessages(Refusal):
    """As many questions wait, or as many additions came, as one report can hold."""


class TooManyOpen(Refusal):
    """So many of somebody's requests wait for an answer that no more are taken."""


class QuestionClosed(Refusal):
    """The question was answered, or its case is decided."""


class SignInRefused(Refusal):
    """E-mail, password or code is wrong, or the account is closed or resting. Never says which."""


class AlreadyExists(Refusal):
    """A person or consumer of this name exists already."""


class KeyReused(Refusal):
    """Another request came under the same key before: a repeat must be the same to the letter."""


class UnknownRole(Refusal):
    """There is no such role."""


class UnknownKind(Refusal):
    """No plug-in of this identifier is installed."""


class BrokenPlugin(Exception):
    """A plug-in does not keep its contract: the application must not start."""
