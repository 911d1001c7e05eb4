"""Every route says who it is for, and turns everybody else away: walked over the URL map, so that no new route is forgotten."""

from dataclasses import replace

import pytest
from flask import Flask

from app import audience, create_app
from moderation.vocabulary import Role
from tests.web.visitors import Visitor, database_of, one_app, report, signed_in

SIGN_IN = {"sign_in.page", "sign_in.enter", "sign_in.enter_as_demo", "sign_in.sign_out"}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def guest(app):
    """A browser that nobody signed in with, but whose forms carry a good token."""
    visitor = Visitor(app)
    visitor.get("/desk/sign-in")
    return visitor


@pytest.fixture(scope="module")
def people(app):
    """One of each role, at a page of theirs that carries a form's token."""
    found = {role: signed_in(app, role) for role in Role}
    for visitor in found.values():
        visitor.get("/desk/", follow_redirects=True)
    return found


@pytest.fixture(scope="module")
def steps(app):
    """Each way to call each route of the desk: endpoint, method and an address that exists."""
    case = report(app)
    adapter = app.url_map.bind("127.0.0.1")
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, case)))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk")
        for method in sorted(rule.methods - {"OPTIONS"})
    ]


def sent(visitor, method, address):
    """The status of a call; forms carry the token of the page that was open before."""
    page = visitor.page
    status = (visitor.post(address) if method == "POST" else visitor.client.open(address, method=method)).status_code
    visitor.page = page
    return status


def test_every_route_declares_its_audience(app):
    assert [rule.endpoint for rule in app.url_map.iter_rules() if not audience.of(app, rule.endpoint)] == []


def test_an_audience_is_a_known_one(app):
    declared = {who for rule in app.url_map.iter_rules() for who in audience.of(app, rule.endpoint)}
    assert declared <= {*audience.NAMED, *Role}


def test_every_route_of_the_desk_but_signing_in_is_for_roles_alone(app):
    open_to_others = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and not all(isinstance(who, Role) for who in audience.of(app, rule.endpoint))
    }
    assert open_to_others == SIGN_IN


def test_no_route_outside_the_desk_is_for_roles(app):
    outside = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.rule.startswith("/desk")}
    assert {endpoint for endpoint in outside if audience.roles(audience.of(app, endpoint))} == set()


def test_a_guest_is_led_to_the_way_in_from_every_page_of_the_desk(steps, guest):
    answers = {(endpoint, method): sent(guest, method, address) for endpoint, method, address in steps if endpoint not in SIGN_IN}
    assert {step: status for step, status in answers.items() if status != (401 if step[1] == "POST" else 303)} == {}


def test_a_form_of_the_desk_without_a_token_is_refused(app, steps):
    stranger = app.test_client()
    answers = {endpoint: stranger.post(address).status_code for endpoint, method, address in steps if method == "POST"}
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_turned_away_from_every_route_that_is_not_for_it(app, steps, people, role):
    answers = {
        (endpoint, method): sent(people[role], method, address)
        for endpoint, method, address in steps
        if endpoint not in SIGN_IN and role not in audience.of(app, endpoint)
    }
    assert {step: status for step, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("role", Role)
def test_no_route_that_is_for_a_role_breaks_on_an_empty_form(app, steps, people, role):
    answers = {
        (endpoint, method): sent(people[role], method, address)
        for endpoint, method, address in steps
        if endpoint not in SIGN_IN and role in audience.of(app, endpoint)
    }
    assert {step: status for step, status in answers.items() if status >= 500 or status in (400, 401, 403)} == {}


def test_a_process_for_the_public_alone_has_no_desk_and_no_feed(app):
    # Its settings name the folder in which the desk has left its public key.
    settings = replace(app.extensions["settings"], surfaces="public")
    public = create_app(settings, database_url=database_of(app).url)
    rooms = {rule.endpoint.partition(".")[0] for rule in public.url_map.iter_rules()}
    assert rooms == {"public", "api", "partner", "operations", "static"}


def test_a_route_without_an_audience_stops_the_start():
    undeclared = Flask("undeclared")
    undeclared.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        audience.check(undeclared)
