"""People at the desk as tests meet them: a browser's client, with the real way in. Asserts nothing."""

import itertools
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, create_app, sealing
from app.database import EXTENSION, Database
from app.sign_in import credentials
from moderation import people, policy, queue, reporting, resources
from moderation.models import Case, ResourceRow
from moderation.vocabulary import SYSTEM, Actor, Lane, Role
from tests import builders
from tests.builders import NOON

PASSWORD = "a password of the tests"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


_numbers = itertools.count(1)


def one_app(server, template, folder) -> Iterator[Flask]:
    """The whole application on one database for a whole file of tests, which keep to people and cases of their own."""
    url = server.create(template=template)
    made = create_app(builders.settings(folder), database_url=url)
    yield made
    made.extensions[EXTENSION].engine.dispose()
    server.drop(url)


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose; the tests need each hash once."""
    return credentials.hash_password(password)


def new_site() -> str:
    """A resource that no other test reports."""
    return f"https://www.jobs{next(_numbers)}.test/offer/7"


def database_of(app: Flask) -> Database:
    return app.extensions[EXTENSION]


def add(app: Flask, role: Role = Role.MODERATOR, *, email: str, name: str = "", is_demo: bool = False) -> Actor:
    """A person whose password and code secret are known here; a demo person has the derived ones."""
    keys = app.extensions["keys"]
    password = credentials.demo_password(keys) if is_demo else PASSWORD
    secret = credentials.demo_code_secret(keys, email) if is_demo else SECRET
    new = people.NewPerson(
        email=email,
        name=name or email.partition("@")[0].capitalize(),
        role=role,
        password_hash=hashed(password),
        sealed_code_secret=credentials.seal_code_secret(secret, keys),
        is_demo=is_demo,
    )
    with database_of(app).transaction() as session:
        people.add(session, new, reference=uuid.uuid4(), by=SYSTEM, at=NOON)
        return people.actor_by_email(session, email)


class Visitor:
    """One browser. Forms are sent with the token of the page last opened, as a browser would."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.actor: Actor | None = None
        self.client: FlaskClient = app.test_client()
        self.page = ""
        self.answer = None

    def get(self, address: str, **given):
        self.answer = self.client.get(address, **given)
        self.page = self.answer.text
        return self.answer

    def post(self, address: str, form: dict[str, str] | None = None, **given):
        found = TOKEN.search(self.page)
        token = {"csrf_token": found[1]} if found else {}
        self.answer = self.client.post(address, data={**token, **(form or {})}, **given)
        self.page = self.answer.text
        return self.answer

    def follow(self):
        return self.get(self.answer.headers["Location"])

    @property
    def cookie(self):
        return self.client.get_cookie("flagstone_desk", path="/desk")


def signed_in(app: Flask, role: Role = Role.MODERATOR, *, email: str = "") -> Visitor:
    """Somebody of this role, at the desk by the demo button."""
    email = email or f"{role}{uuid.uuid4().hex[:6]}@demo.example"
    visitor = Visitor(app)
    visitor.actor = add(app, role, email=email, is_demo=True)
    visitor.get("/desk/sign-in")
    visitor.post("/desk/sign-in/demo", {"email": email})
    visitor.get("/desk/sign-in")
    visitor.follow()
    return visitor


def report(app: Flask, what: str = "", *, more: str = "It looks wrong.", language: str = "en", code: str = "", **changes) -> str:
    """A report as the public page would send it; returns the reference of its first resource's newest case."""
    keys, what = app.extensions["keys"], what or new_site()
    found = resources.parse(what, text_digest=lambda text: sealing.text_digest(keys, text))
    code = code or sealing.new_receipt()
    sealed = sealing.seal({"what": what, "more": more}, keys)
    made = builders.submission(
        what,
        resources=found,
        language=language,
        sealed=sealed.text,
        wrapped_identity=sealed.wrapped_identity,
        recipient=sealed.recipient,
        receipt_recipient=str(sealing.receipt_identity(code, keys).to_public()),
        receipt_digest=sealing.receipt_digest(code),
        desk_key=sealed.desk_key,
        contact=None,
        wrapped_contact_identity=None,
        lane=Lane.STANDARD,
        **changes,
    )
    with database_of(app).transaction() as session:
        reporting.receive(session, made, new_reference=uuid.uuid4, at=NOON)
        query = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == found[0].canonical).order_by(Case.id.desc())
        return str(session.scalars(query.limit(1)).one())


def answers(**changes: str) -> dict[str, str]:
    """What a careful moderator types, but for the target; passes every safeguard. A change to "" leaves the field out."""
    form = {
        "provision": "Criminal Code, article 225-4-1",
        "territories": "FR, Belgium",
        "evidence_act": "We collect you at the airport and bring you to the staff house.",
        "evidence_act_source": "page",
        "evidence_act_first_hand": "1",
        "evidence_means": "A former worker states that his passport was taken.",
        "evidence_means_source": "report",
        "evidence_purpose": "Wages are kept until the travel debt is paid.",
        "evidence_purpose_source": "page",
        "narrower_page": "The advert moves to a new page every few hours.",
        "narrower_path": "The same advert stands under every section.",
        "narrower_host": "Other names of this owner carry the same advert.",
        "lifeline": "No worker uses the page to find help.",
        "conflict": "none",
        "statement_facts": "The page offers hotel work and keeps passports.",
        "statement_legal_ground": "Criminal Code, article 225-4-1",
        "statement_explanation": "It recruits people into work under debt.",
        "expires_after": "90",
        "review_after": "60",
        "facilitation": "“We arrange papers and travel, you pay from your wages.”",
        "still_there": "same",
        "child_material": "no",
        "sample_pages": "20",
        "sample_unrelated": "0",
        "sent_none_of_the_reports": "1",
    }
    return {name: value for name, value in {**form, **changes}.items() if value}


VERSION = re.compile(r'name="version" value="(\d+)"')
RUNG = re.compile(r'name="target" value="([^"]+)"')


def claim(visitor: Visitor, case: str):
    """Take the case, from its page, with hands that earlier stories did not fill."""
    _make_room(visitor)
    visitor.get(f"/desk/cases/{case}")
    return visitor.post(f"/desk/cases/{case}/claim")


def _make_room(visitor: Visitor) -> None:
    if visitor.actor is None:
        return
    with database_of(visitor.app).transaction() as session:
        held = session.scalars(select(Case.reference).where(Case.holder_id == visitor.actor.person_id).order_by(Case.id)).all()
        for reference in held[: max(0, len(held) - policy.HELD_AT_ONCE + 1)]:
            queue.hand_back(session, reference, by=visitor.actor, at=clock.now())


def send(visitor: Visitor, case: str, verb: str, form: dict[str, str]):
    """Open the case, and send one of its forms as it was seen then."""
    visitor.get(f"/desk/cases/{case}")
    found = VERSION.search(visitor.page)
    return visitor.post(f"/desk/cases/{case}/{verb}", {"version": found[1] if found else "0", **form})


def rung(visitor: Visitor, scope: str) -> str:
    """The first step of this scope on the page that is open, as the form carries it."""
    return next(value for value in RUNG.findall(visitor.page) if value.startswith(f"{scope}|"))


def assess(visitor: Visitor, case: str, verb: str, scope: str = "page", **changes: str):
    """Claim the case and take its seat; whoever proposes has told the host days ago, and writes it down first."""
    claim(visitor, case)
    visitor.get(f"/desk/cases/{case}")
    if verb == "propose":
        told = (clock.now() - timedelta(days=4)).date().isoformat()
        visitor.post(f"/desk/cases/{case}/notices", {"recipient": "abuse@host.example", "proof": "Ticket 4711", "sent_at": told})
        visitor.get(f"/desk/cases/{case}")
    return send(visitor, case, verb, {"target": rung(visitor, scope), **answers(**changes)})
