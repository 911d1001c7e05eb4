"""Networks that ask for the list, and what an administrator says to them. Asserts nothing."""

import uuid

from sqlalchemy import select

from moderation.models import ConsumerApplication
from tests.web.engineers import secret_on
from tests.web.visitors import database_of

FORM = {
    "organisation": "Nordnetz eG",
    "contact_name": "Imke Petersen",
    "contact_email": "noc@nordnetz.example",
    "territory": "Norddeutschland",
    "software": "Unbound 1.19, Squid",
    "formats": ["rpz.zone", "squid-urls.txt"],
    "purpose": "We protect 40,000 homes. Who meets an entry sees a page that names the list.",
    "accepted": "y",
}


def applied(app, **changes):
    """A form that was sent by a new organisation; the reference of its application."""
    name = changes.pop("organisation", "") or f"Organisation {uuid.uuid4().hex[:8]}"
    answer = app.test_client().post("/en/networks", data=FORM | {"organisation": name} | changes)
    assert answer.status_code == 200, answer.text
    with database_of(app).reading() as session:
        newest = select(ConsumerApplication).where(ConsumerApplication.organisation == name).order_by(ConsumerApplication.id.desc())
        return session.scalars(newest.limit(1)).one()


def decide(admin, application, what, **form):
    admin.get("/desk/consumers")
    return admin.post(f"/desk/consumers/applications/{application.reference}/{what}", form)


def approved(app, admin, **changes):
    application = applied(app, **changes)
    decide(admin, application, "approve", name=application.organisation)
    return application.organisation, secret_on(admin)
