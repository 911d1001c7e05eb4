"""A moderator at the desk: signs in, finds a case, claims it, fills in the form that the page offers. Decides only what the story says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import pyotp

from deploy.tour import html
from deploy.tour.browser import Answer, Browser
from deploy.tour.cases import Case, Target
from deploy.tour.telling import expect, missing, printable

MOST_PAGES = 200


@dataclass(frozen=True)
class Problem:
    """What stands beside a field after a refusal."""

    safeguard: str
    reason: str
    way_forward: str

    def __str__(self) -> str:
        return f"{self.safeguard}: “{printable(self.reason, 110)}”" if self.safeguard else f"“{printable(self.reason, 110)}”"


@dataclass(frozen=True)
class Rung:
    """One step of the ladder as the form offers it, with what the checks say of it beforehand."""

    target: Target
    refused_by: tuple[str, ...]
    expires_after: str
    review_after: str


class Moderator:
    """One person of the desk, in a browser of their own."""

    def __init__(self, browser: Browser, email: str) -> None:
        self._browser = browser
        self.email = email
        self.name = email.partition("@")[0]

    def sign_in(self, password: str, code_secret: str) -> str:
        """Sign in with password and the code of the moment; returns the first page's heading."""
        page = self._browser.open("/desk/")
        form = page.form("/desk/sign-in").fill({"email": self.email, "password": password, "code": pyotp.TOTP(code_secret).now()})
        desk = self._browser.send(form, on=page)
        expect(desk.status == 200 and desk.find_form("/desk/sign-out"), f"{self.name} to be signed in", desk.said)
        return (desk.page.first("h1") or desk.page).text

    def claim(self, case: Case, *, state: str) -> Answer:
        """Find the case in its queue and claim it; returns its page."""
        queue, row = self._in_queue(case, state) or missing(f"{case.name} in the queue of state {state}", "other cases, or none")
        form = next((html.Form(one) for one in row.all("form") if one.attributes.get("action", "").endswith("/claim")), None)
        page = self._browser.send(form or missing(f"a button to claim {case.name}", row.text), on=queue)
        expect(page.status == 200 and case.path in page.address, f"{self.name} on the page of {case.name}", page.said)
        return page

    def waits(self, case: Case, *, state: str) -> bool:
        """Whether the case stands in the queue of this state."""
        return self._in_queue(case, state) is not None

    def open(self, case: Case) -> Answer:
        """The case's page as this person sees it now."""
        return self._browser.open(case.path)

    def record_notice(self, case: Case, *, on: Answer, recipient: str, proof: str, sent: date) -> Answer:
        """Write down that the host was told; returns the case's page, which shows it."""
        form = on.form("/notices").fill({"recipient": recipient, "proof": proof, "sent_at": sent.isoformat()})
        page = self._browser.send(form, on=on)
        expect(page.status == 200 and f"sent {sent.isoformat()}" in page.page.text, f"the notice of {sent} on the page", page.said)
        return page

    def send(self, form: html.Form, *, on: Answer) -> Answer:
        """Send a form as it stands."""
        return self._browser.send(form, on=on)

    def reject(self, *, on: Answer, note: str) -> str:
        """Close a case as none for the list; returns what the page says."""
        form = on.form("/reject").fill({"outcome": "reject_scope", "note": note, "sent_none_of_the_reports": True})
        page = self._browser.send(form, on=on)
        expect(page.status == 200, "the case rejected", page.said)
        return flash(page)

    def listed(self, target: Target) -> tuple[Answer, html.Form] | None:
        """The page of listings with the form that takes this target off; None where it is not listed."""
        for page in self._pages(f"/desk/listings?{urlencode({'text': _searchable(target)})}"):
            for card in page.page.all("li", "card"):
                if target.text in [element.raw for element in card.all("bdi")]:
                    found = next((html.Form(one) for one in card.all("form")), None)
                    if found:
                        return page, found
        return None

    def delist(self, target: Target, because: str) -> str:
        """Take a target off the list, in one step; returns what the page says."""
        page, form = self.listed(target) or missing(f"a form to delist {target}", "none")
        after = self._browser.send(form.fill({"because": because}), on=page)
        expect(after.status == 200 and self.listed(target) is None, f"{target} gone from the listings", after.said)
        return flash(after)

    def _in_queue(self, case: Case, state: str) -> tuple[Answer, html.Element] | None:
        queue = self._browser.open("/desk/queue")
        # A search that names no state looks in every one; the page offers waiting cases as its first choice and not by name.
        chosen = "" if state == "waiting" else state
        found = self._browser.send(queue.form("/desk/queue").fill({"text": case.search, "state": chosen, "kind": case.kind}), on=queue)
        for page in self._pages(found.address):
            for row in page.page.all("tr"):
                link = row.first("a")
                if link and _is_about(row, case):
                    case.path = link.attributes.get("href", "")
                    return page, row
        return None

    def _pages(self, address: str) -> Iterator[Answer]:
        for _ in range(MOST_PAGES):
            page = self._browser.open(address)
            expect(page.status == 200, f"{self.name} to see {address}", page.said)
            yield page
            following = next((link for link in page.page.all("a") if link.attributes.get("rel") == "next"), None)
            if following is None:
                return
            address = following.attributes["href"]


def _is_about(row: html.Element, case: Case) -> bool:
    if case.kind == "free_text":
        # Words have no address to show; the search was for this one text alone.
        return True
    return case.canonical in [element.raw for element in row.all("bdi", "address")]


def _searchable(target: Target) -> str:
    """The listings are searched by host or whole target, and a long address does not fit in one."""
    return target.text if target.is_wide or len(target.text) < 1000 else target.text.split("/")[2]


def rungs(page: Answer) -> list[Rung]:
    """The steps that the form offers, narrowest first."""
    found = []
    for label in page.page.all("label", "rung"):
        attributes = next(label.all("input")).attributes
        scope, _, text = attributes["value"].partition("|")
        says = [said for said in label.all("span", "rung-says") if said.first("span", "high")]
        refused_by = tuple(strong.text for said in says for strong in said.all("strong"))
        found.append(Rung(Target(scope, text), refused_by, attributes["data-expires"], attributes["data-review"]))
    return found


def problems(page: Answer) -> list[Problem]:
    """What the page says beside its fields after a refusal."""
    found = []
    for block in page.page.all("div", "problem"):
        paragraphs = block.texts("p")
        strong = block.first("strong")
        way = paragraphs[1] if strong and len(paragraphs) > 2 else ""
        found.append(Problem(strong.text if strong else "", paragraphs[0], way))
    return found


def flash(page: Answer) -> str:
    """What the page says about what was just done."""
    return next(iter(page.page.texts("p", "good")), "")


def reports(page: Answer) -> int:
    """How many reports a case's page shows."""
    return len(list(page.page.all("article", "report")))
