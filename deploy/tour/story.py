"""The story in its order, from the first report to the last delisting. Each part is told by the people who act in it."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from deploy.tour import visitors, words
from deploy.tour.cases import Case, Report, Target
from deploy.tour.desk import Moderator
from deploy.tour.instance import Instance
from deploy.tour.network import Network, in_words
from deploy.tour.resolver import Resolver, unbound, why_not
from deploy.tour.seats import Seats
from deploy.tour.telling import Telling, expect, missing, printable
from deploy.tour.visitors import Reporter
from moderation import policy

FIRST, SECOND, SENIOR = "moderator1@demo.example", "moderator2@demo.example", "senior@demo.example"
RECEIVED, DECIDED = 0, 2
LONGEST_NAME = 253


@dataclass
class Story:
    """One run of it."""

    instance: Instance
    tell: Telling
    reports: list[Report]
    listed: list[Target] = field(default_factory=list)

    def play(self) -> None:
        """Play it from beginning to end.

        Raises:
            Unexpected: something was not as it must be.
        """
        cases = list({id(case): case for report in self.reports for case in report.cases}.values())
        network = self._network()
        with self._resolver(network) as resolver:
            self._report()
            seats = self._seats(network)
            for case in cases:
                self.tell.heading(f"{case.name} ({case.kind.replace('_', ' ')})")
                seats.decide(case)
                if case.target and not case.rejected:
                    self._published(case, network, resolver)
            self._freed([case for case in cases if case.target and not case.rejected], seats, network, resolver)
        self._audited()

    def _network(self) -> Network:
        with self.tell.step("A network gets its token (flask consumers add)") as saw:
            said = self.instance.flask("consumers", "add", "A network", "--address", "rpz.zone")
            token = re.search(r"^Token of A network .*: (\S+)$", said, re.MULTILINE) or missing("a token", printable(said))
            network = Network(self.instance.browser(), token[1])
            index = network.wait_for_any()
            saw(f"the feed has release {index['serial']} in {len(index['formats'])} formats")
        return network

    @contextmanager
    def _resolver(self, network: Network) -> Iterator[Resolver | None]:
        if why_not():
            with self.tell.step("A real resolver loads rpz.zone") as saw:
                expect(os.environ.get("FLAGSTONE_NO_SKIPS") != "1", "Unbound, since nothing may be skipped here", why_not())
                saw(f"SKIPPED, since {why_not()}")
            yield None
            return
        zone, url = network.index()["list_name"], f"{self.instance.base}{network.zone_address}"
        with ExitStack() as stack:
            with self.tell.step("A real Unbound loads rpz.zone from the server by its address") as saw:
                resolver = stack.enter_context(unbound(self.instance.folder, zone=zone, url=url))
                resolver.wait_for(f"allowtest.{zone}", "NOERROR")
                saw(f"blocktest.{zone} NXDOMAIN, allowtest.{zone} resolves")
            yield resolver

    def _report(self) -> None:
        self.tell.heading("Reports")
        with self.tell.step(f"{len(self.reports)} reporters open /report") as saw:
            reporters = [Reporter(self.instance.browser()) for _ in self.reports]
            saw("a form each, and no cookie")
        for report, reporter in zip(self.reports, reporters, strict=True):
            with self.tell.step(f"Reported: {printable(report.line)}") as saw:
                saw(self._sent(report, reporter))

    def _sent(self, report: Report, reporter: Reporter) -> str:
        wait = policy.FORM_TOKEN_SOONEST.total_seconds() + 1
        answer = reporter.report(report.line, category="labour", more=words.REPORTER_SAW, not_before_seconds=wait)
        if report.refused:
            said = visitors.faults(answer)
            expect(answer.status == 422 and said, f"the form to say no, since {report.refused}", answer.said)
            return f"the form asks for something else, as it should: “{printable(said, 110)}”"
        report.code = visitors.receipt(answer)
        told = reporter.status(report.code)
        self._same_resources(report, told)
        expect({reached for _, reached, _ in told} == {RECEIVED}, "the status to say that it waits", told)
        return f"receipt {report.code[:9]}…, status “{told[0][2]}”"

    def _same_resources(self, report: Report, told: list[tuple[str, int, str]]) -> None:
        expected = sorted(case.canonical if case.host else "" for case in report.cases)
        expect(sorted(address for address, _, _ in told) == expected, f"the status to name {expected}", told)

    def _seats(self, network: Network) -> Seats:
        self.tell.heading("The desk")
        said = self.instance.flask("people", "demo")
        password = (re.search(r"^Password of every demo person: (\S+)$", said, re.MULTILINE) or missing("a password", printable(said)))[1]
        secrets = dict(re.findall(r"^(\S+@\S+)\s+\S+\s+([A-Z2-7]+)$", said, re.MULTILINE))
        people = []
        for email in (FIRST, SECOND, SENIOR):
            person = Moderator(self.instance.browser(), email)
            with self.tell.step(f"{email} signs in with password and one-time code") as saw:
                saw(f"the page “{person.sign_in(password, secrets[email])}”")
            people.append(person)
        first, second, senior = people
        return Seats(first=first, second=second, senior=senior, network=network, tell=self.tell, taken=self.listed)

    def _published(self, case: Case, network: Network, resolver: Resolver | None) -> None:
        target, zone = case.target or missing("a target", "none"), network.index()["list_name"]
        with self.tell.step(f"The release appears with {target}") as saw:
            expected = target.files(zone)
            network.wait_until_in(target, expected)
            if not target.is_wide and case.host and not self._is_covered(case.host):
                widened = network.carries(Target("host", case.host))
                expect(not widened, f"{case.host}, on which the page lies, in no file as a name", in_words(widened))
            saw(f"release {network.index()['serial']}, in {in_words(expected)}, in no other")
        self.listed.append(target)
        if resolver:
            self._enforced(case, target, network, resolver)
        with self.tell.step("The owner asks at /check") as saw:
            saw(self._owner_reads(case, target))

    def _owner_reads(self, case: Case, target: Target) -> str:
        asked = f"https://below.{target.text}/" if target.is_wide and self._is_name(f"below.{target.text}") else case.canonical
        found = visitors.check(self.instance.browser(), asked)
        expect(found, f"{printable(asked)} to be listed", "“not listed”")
        covers = next(iter(found.values()))
        expect(target.text in covers, f"a listing of {target}", found)
        reason = words.SEATS[1]["statement_facts"]
        expect(reason in found.values(), "the reasons", found)
        return f"{printable(asked)} is listed, “{printable(covers.partition(':')[0])}”, because: “{printable(reason, 36)}”"

    def _enforced(self, case: Case, target: Target, network: Network, resolver: Resolver) -> None:
        self._fetched_again(network, resolver)
        names = self._names(case, target)
        if not names:
            return
        with self.tell.step("Unbound is asked") as saw:
            for name in names:
                code = "NXDOMAIN" if self._is_covered(name) else "NOERROR"
                resolver.wait_for(name, code)
                saw(f"{printable(name, 50)} {'NXDOMAIN' if code == 'NXDOMAIN' else 'resolves'}")

    def _names(self, case: Case, target: Target) -> list[str]:
        """The name itself, one below, and a neighbour; for a page, the name that it lies on."""
        if not target.is_wide:
            names = [case.host or ""]
        else:
            names = [target.text, f"below.{target.text}", f"neighbour.{target.text.partition('.')[2]}"]
        return [name for name in names if self._is_name(name)]

    def _is_name(self, name: str) -> bool:
        """Whether name servers are asked about it at all."""
        return "." in name and len(name) <= LONGEST_NAME and not name.endswith(".onion") and not re.fullmatch(r"[0-9.]+|\[.*", name)

    def _is_covered(self, name: str) -> bool:
        return any(target.covers_name(name) for target in self.listed)

    def _freed(self, cases: list[Case], seats: Seats, network: Network, resolver: Resolver | None) -> None:
        self.tell.heading("Delisting")
        for case in cases:
            target = case.target or missing("a target", "none")
            with self.tell.step(f"{seats.second.name} delists {target}, alone and in one step") as saw:
                seats.second.delist(target, words.WHY_DELISTED)
                seconds = network.wait_until_gone(target)
                saw(f"gone from every format {seconds:.1f} s later, in release {network.index()['serial']}")
            self.listed.remove(target)
        if resolver and cases:
            self._resolves_again(cases, network, resolver)
        for case in cases:
            with self.tell.step(f"The owner asks at /check for {case.name}") as saw:
                expect(not visitors.check(self.instance.browser(), case.canonical), "that it is not listed", "a listing")
                saw("not listed")
        self._told_the_reporters()

    def _resolves_again(self, cases: list[Case], network: Network, resolver: Resolver) -> None:
        self._fetched_again(network, resolver)
        with self.tell.step("Unbound is asked for all of them") as saw:
            names = list(dict.fromkeys(name for case in cases if case.target for name in self._names(case, case.target)))
            for name in names:
                resolver.wait_for(name, "NOERROR")
            zone = network.index()["list_name"]
            resolver.wait_for(f"blocktest.{zone}", "NXDOMAIN")
            saw(f"all {len(names)} names resolve, blocktest.{zone} is NXDOMAIN as ever")

    def _fetched_again(self, network: Network, resolver: Resolver) -> None:
        serial, refresh = network.zone()
        with self.tell.step(f"Unbound is told to fetch the zone: unbound-control auth_zone_transfer (by itself: every {refresh} s)") as saw:
            resolver.fetch_again(serial)
            saw(f"it has serial {serial}")

    def _told_the_reporters(self) -> None:
        for report in self.reports:
            if not report.code:
                continue
            with self.tell.step(f"The reporter of {printable(report.line, 50)} asks with the code") as saw:
                told = Reporter(self.instance.browser()).status(report.code)
                self._same_resources(report, told)
                expect({reached for _, reached, _ in told} == {DECIDED}, "everything decided", told)
                delisted = sum(1 for case in report.cases if not case.rejected)
                seen = sum("taken off again" in sentence for _, _, sentence in told)
                expect(seen == delisted, f"{delisted} told as taken off again", told)
                saw(f"“{told[0][2]}”")

    def _audited(self) -> None:
        self.tell.heading("The record")
        with self.tell.step("flask audit verify") as saw:
            saw(printable(self.instance.flask("audit", "verify"), 160).strip())
