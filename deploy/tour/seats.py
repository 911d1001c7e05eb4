"""The way of one case through the seats: refused first, then proposed, assessed blind, and agreed. Publishes nothing, asks no resolver."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deploy.tour import desk, html, words
from deploy.tour.browser import Answer
from deploy.tour.cases import Case, Target
from deploy.tour.desk import Moderator, Rung
from deploy.tour.network import Network, in_words
from deploy.tour.telling import Telling, expect, missing, printable

NOTICE_AGE = timedelta(days=3)
BLANK_LIFELINE = "RS16"


@dataclass
class Seats:
    """Two moderators and a senior, and what the feed shows meanwhile."""

    first: Moderator
    second: Moderator
    senior: Moderator
    network: Network
    tell: Telling
    taken: list[Target]

    def decide(self, case: Case) -> None:
        """Put one case through the seats it needs; afterwards its `target` is listed, or it is `rejected`."""
        page = self._claim(case)
        if not page.find_form("/propose"):
            self._reject(case, page, because="the desk offers nothing to list")
            return
        if all(rung.target in self.taken for rung in desk.rungs(page)):
            self._reject(case, self._listed_already(page), because="it is listed already, from another case")
            return
        refused = self._refused_first(case, page)
        rung = self._choose(case, desk.rungs(page))
        if rung is None:
            self._reject(case, self._refused_again(case, refused), because="every scope is refused")
            return
        case.target = rung.target
        self._propose(case, refused, rung)
        self._proposer_cannot_confirm(case)
        self._second_agrees(case)
        if case.needs_senior:
            self._senior_agrees(case)

    def _claim(self, case: Case) -> Answer:
        with self.tell.step(f"{self.first.name} finds it in the queue and claims it") as saw:
            page = self.first.claim(case, state="waiting")
            found = desk.reports(page)
            expect(found == len(case.lines), f"{len(case.lines)} reports in one case", found)
            saw(f"{found} report{'s' if found > 1 else ''} in one case")
        return page

    def _refused_first(self, case: Case, page: Answer) -> Answer:
        """The widest scope, and nothing written on lifelines: a safeguard must say why not."""
        widest = [rung for rung in self._wished(case, desk.rungs(page)) if rung.target not in self.taken][-1]
        must = {BLANK_LIFELINE, *widest.refused_by}
        with self.tell.step(f"{self.first.name} proposes {widest.target} and leaves “lifeline” blank; it is refused") as saw:
            refused = self._send(self.first, page, "/propose", widest, seat=1, lifeline=False)
            found = self._refusal(refused, must)
            kept = refused.form("/propose")
            expect(kept.value("provision") == words.SEATS[1]["provision"], "all that was typed still in the form", "a form without it")
            saw("; ".join(str(problem) for problem in found if problem.safeguard in must))
            if widest.refused_by:
                saw(f"as {' and '.join(dict.fromkeys(widest.refused_by))} had said beside that step")
        return refused

    def _listed_already(self, page: Answer) -> Answer:
        rung = desk.rungs(page)[-1]
        with self.tell.step(f"{self.first.name} proposes {rung.target}; it is refused, as it must be") as saw:
            refused = self._send(self.first, page, "/propose", rung, seat=1)
            expect(refused.status == 409, f"a refusal, since {rung.target} is listed already", _why(refused))
            saw(f"“{printable(_alert(refused), 110)}”")
        return refused

    def _refused_again(self, case: Case, page: Answer) -> Answer:
        rung = desk.rungs(page)[0]
        with self.tell.step(f"{self.first.name} completes it for the narrowest, {rung.target}; refused, as it must be") as saw:
            again = self._send(self.first, page, "/propose", rung, seat=1)
            saw("; ".join(str(problem) for problem in self._refusal(again, set(rung.refused_by))))
        return again

    def _propose(self, case: Case, page: Answer, rung: Rung) -> None:
        sent = (datetime.now(UTC) - NOTICE_AGE).date()
        with self.tell.step(f"{self.first.name} records the notice that the host was sent on {sent}") as saw:
            page = self.first.record_notice(case, on=page, recipient=words.HOST_CONTACT, proof=words.NOTICE_PROOF, sent=sent)
            expect(page.form("/propose").value("provision"), "the refused attempt still in the form", "an empty form")
            saw("with both times; the refused attempt is still in the form")
        with self.tell.step(f"{self.first.name} completes it and proposes {rung.target}") as saw:
            after = self._send(self.first, page, "/propose", rung, seat=1)
            expect(after.status == 200 and desk.flash(after), "the proposal stored", _why(after))
            saw(f"“{desk.flash(after)}”")

    def _proposer_cannot_confirm(self, case: Case) -> None:
        with self.tell.step(f"{self.first.name} cannot confirm it") as saw:
            page = self.first.open(case)
            offered = [form.action for end in ("/confirm", "/claim") if (form := page.find_form(end))]
            expect(not offered, "no way for the proposer to confirm", offered)
            # What the page does not offer can still be sent by hand; the rule must hold then, too.
            by_hand = page.form("/withdraw")
            by_hand.action = by_hand.action.replace("/withdraw", "/confirm")
            rung = case.target or missing("a target", "none")
            by_hand.controls += [html.Control(name, "text", str(text), sends=True) for name, text in _typed_by_hand(rung).items()]
            refused = self.first.send(by_hand, on=page)
            expect(refused.status in (403, 409), "the proposer's own confirmation refused", refused.said)
            saw(f"the page offers no way; sent by hand: {refused.status}, “{printable(_alert(refused), 40)}”")

    def _second_agrees(self, case: Case) -> None:
        page = self._seat_taken(self.second, case, state="proposed", unseen=(1,))
        before = self.network.index()["serial"]
        rung = self._rung(case, page)
        with self.tell.step(f"{self.second.name} agrees") as saw:
            after = self._send(self.second, page, "/confirm", rung, seat=2)
            expect(after.status == 200 and desk.flash(after), "the second assessment stored", _why(after))
            case.needs_senior = self.senior.waits(case, state="awaiting_third")
            expect(case.needs_senior or not rung.target.is_wide, "a senior to be needed for a whole name", _why(after))
            saw(f"“{desk.flash(after)}”")
        if case.needs_senior:
            self._nothing_yet(case, before)

    def _nothing_yet(self, case: Case, serial: int) -> None:
        target = case.target or missing("a target", "none")
        with self.tell.step("The case waits for the senior") as saw:
            expect(self.second.listed(target) is None, "no listing before all seats agree", f"{target} among the listings")
            found = self.network.carries(target)
            expect(not found, f"{target} in no file of the feed", in_words(found))
            now = self.network.index()["serial"]
            expect(now == serial, f"the feed still at release {serial}", f"release {now}")
            saw(f"no listing, and the feed is still at release {serial}")

    def _senior_agrees(self, case: Case) -> None:
        page = self._seat_taken(self.senior, case, state="awaiting_third", unseen=(1, 2))
        with self.tell.step(f"{self.senior.name} agrees") as saw:
            after = self._send(self.senior, page, "/confirm", self._rung(case, page), seat=3)
            expect(after.status == 200 and desk.flash(after), "the third assessment stored", _why(after))
            saw(f"“{desk.flash(after)}”")

    def _seat_taken(self, person: Moderator, case: Case, *, state: str, unseen: tuple[int, ...]) -> Answer:
        """Claim from the next queue, and see nothing of what the seats before wrote."""
        with self.tell.step(f"{person.name} claims it and sees nothing of the seats before") as saw:
            page = person.claim(case, state=state)
            shown = [sentence for sentence in words.of_seats(*unseen) if sentence in page.page.text or sentence in page.text]
            expect(not shown, "nothing of what the seats before wrote", shown)
            form, ladder = page.form("/confirm"), desk.rungs(page)
            chosen = form.value("target")
            expect(chosen == ladder[0].target.value, "the narrowest scope chosen beforehand, whatever others chose", chosen)
            saw(f"none of their {len(words.of_seats(*unseen))} sentences")
        return page

    def _reject(self, case: Case, page: Answer, *, because: str) -> None:
        with self.tell.step(f"{self.first.name} rejects it, since {because}") as saw:
            said = self.first.reject(on=page, note=words.NOT_FOR_THE_LIST)
            case.rejected = because
            saw(f"“{said}”")

    def _send(self, person: Moderator, page: Answer, action: str, rung: Rung, *, seat: int, lifeline: bool = True) -> Answer:
        form = page.form(action)
        return person.send(form.fill(words.answers(seat, form, rung, lifeline=lifeline)), on=page)

    def _refusal(self, page: Answer, must: set[str]) -> list[desk.Problem]:
        found = desk.problems(page)
        seen = {problem.safeguard for problem in found}
        expect(page.status == 422 and must <= seen, f"a refusal by {', '.join(sorted(must))}", f"status {page.status}, {_why(page)}")
        silent = [problem.safeguard for problem in found if problem.safeguard and not problem.way_forward]
        expect(not silent, "a way forward in every refusal", f"none by {', '.join(silent)}")
        return found

    def _wished(self, case: Case, ladder: list[Rung]) -> list[Rung]:
        return [rung for rung in ladder if case.wished in ("", rung.target.scope)] or ladder

    def _choose(self, case: Case, ladder: list[Rung]) -> Rung | None:
        """The widest step that the desk does not refuse and that is not listed already: a whole name, else the page."""
        open_ = [rung for rung in self._wished(case, ladder) if not rung.refused_by and rung.target not in self.taken]
        wide = [rung for rung in open_ if rung.target.is_wide]
        return wide[-1] if wide else next(iter(open_), None)

    def _rung(self, case: Case, page: Answer) -> Rung:
        found = next((rung for rung in desk.rungs(page) if rung.target == case.target), None)
        return found or missing(f"{case.target} on the ladder", [str(rung.target) for rung in desk.rungs(page)])


def _typed_by_hand(target: Target) -> dict[str, str]:
    written = {name: text for name, text in words.SEATS[1].items() if name != "narrower"}
    return {**written, "target": target.value, "conflict": "none", "sent_none_of_the_reports": "1", "version": "1"}


def _alert(page: Answer) -> str:
    """The sentence with which the page refuses."""
    alert = page.page.first("div", "errors")
    return next(iter(alert.texts("p")), "") if alert else page.said


def _why(page: Answer) -> str:
    found = [str(problem) for problem in desk.problems(page)]
    return "; ".join(found) or page.said
