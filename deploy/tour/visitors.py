"""People without an account: the reporter with a receipt, and the owner who asks whether an address is listed."""

import time

from deploy.tour.browser import Answer, Browser
from deploy.tour.telling import expect, missing


class Reporter:
    """Somebody who saw something. The form is opened first and sent later: nobody fills it in within a moment."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._form_page = browser.open("/report")
        self._opened = time.monotonic()
        expect(self._form_page.status == 200, "the report form", self._form_page.said)
        expect("Set-Cookie" not in self._form_page.headers, "a report form that sets no cookie", "one that sets a cookie")

    def report(self, what: str, *, category: str, more: str, not_before_seconds: float) -> Answer:
        """Fill in the form and send it; returns the answer, whatever it is."""
        time.sleep(max(0.0, self._opened + not_before_seconds - time.monotonic()))
        form = self._form_page.form("/report").fill({"what": what, "category": category, "more": more})
        return self._browser.send(form, on=self._form_page)

    def status(self, code: str) -> list[tuple[str, int, str]]:
        """What the code tells: for each resource its address, which of the stages it is at (from 0), and the sentence about it."""
        page = self._browser.open("/status")
        told = self._browser.send(page.form("/status").fill({"code": code}), on=page)
        expect(told.status == 200, "the status of the report", told.said)
        found = []
        for card in told.page.all("section", "card"):
            stages = [place for place, item in enumerate(card.all("li")) if item.attributes.get("aria-current") == "step"]
            address = card.first("bdi")
            sentences = card.texts("p")
            found.append((address.raw if address else "", stages[0] if stages else -1, sentences[-1] if sentences else ""))
        return found or missing("a resource on the status page", told.said)


def receipt(page: Answer) -> str:
    """The code on a receipt."""
    element = page.page.first("p", "receipt")
    expect(page.status == 200 and element, "a receipt with a code", page.said)
    return element.raw.strip() if element else ""


def faults(page: Answer) -> str:
    """What the form says is wrong with what was sent."""
    return "; ".join(page.page.texts("p", "fault"))


def check(browser: Browser, address: str) -> dict[str, str]:
    """Ask whether an address is listed; returns what the page says of the listing, by its own words; nothing where none covers it."""
    page = browser.open("/check")
    told = browser.send(page.form("/check").fill({"address": address}), on=page)
    expect(told.status == 200, f"an answer about {address}", told.said)
    pairs = told.page.first("dl", "pairs")
    if pairs is None:
        expect("not listed" in (told.page.first("h1") or told.page).text, f"a clear answer about {address}", told.said)
        return {}
    return dict(zip(pairs.texts("dt"), pairs.texts("dd"), strict=True))
