"""The hidden primary follows the list: by a small update where it can, by the whole zone where it must, and never to an older serial."""

import pkgutil
from dataclasses import replace
from threading import Barrier, Thread

import dns.update
import pytest

from app import clock, create_app, jobs, zone
from app.zone import letters
from app.zone.naming import Mark, mark_of, soa
from app.zone.primary import Primary
from moderation import publishing
from moderation.publishing import holding_back
from moderation.vocabulary import Scope
from tests import builders
from tests.clients.names import INSTRUCTION, name_of
from tests.zone.lists import TEST_NAME, delist, list_many
from tests.zone.zones import held_by

pytestmark = pytest.mark.long


def fed(database, settings):
    """What one visit to the primary came to."""
    return zone.feed(database, settings).step


def soa_of(settings, database, number):
    """The zone's SOA record at this release."""
    with database.reading() as session:
        found = publishing.numbered(session, number)
    return soa(settings, Mark.of(found.number, found.published_at))


def by_hand(settings, name, *, as_if=None):
    """Put a name into the zone past the list, as whoever has the key may; without a SOA record the server counts on by itself."""
    primary = Primary(settings)
    message = dns.update.Update(primary.zone, keyring=primary._key)
    message.add(name, 300, "CNAME", ".")
    if as_if is not None:
        message.replace("@", 300, "SOA", as_if)
    assert primary.send(message) == "NOERROR"


def test_a_change_comes_by_one_update_and_the_serial_is_the_releases_number(primary, publish, database, settings_here):
    first = publish("one.example.org")
    assert held_by(settings_here) == (first, {TEST_NAME, "one.example.org"})
    with database.transaction() as session:
        builders.listed(session, "https://two.example.org/", Scope.HOST, at=clock.now())
    jobs.make_release()
    jobs.show_changes()
    # Before any file of the release is written.
    assert fed(database, settings_here) is zone.Step.UPDATED
    assert held_by(settings_here) == (first + 1, {TEST_NAME, "one.example.org", "two.example.org"})
    assert fed(database, settings_here) is zone.Step.NOTHING


def test_what_is_delisted_leaves_by_the_same_door_and_as_fast(primary, publish, database, settings_here):
    publish("one.example.org", "two.example.org")
    delist(database, "one.example.org")
    jobs.make_release()
    jobs.show_changes()
    assert fed(database, settings_here) is zone.Step.UPDATED
    assert held_by(settings_here) == (2, {TEST_NAME, "two.example.org"})


def test_several_releases_come_at_once_and_what_came_and_went_never_comes(primary, publish, database, settings_here):
    publish("one.example.org")
    for names, gone in ((["two.example.org"], []), (["three.example.org"], ["two.example.org"]), ([], ["one.example.org"])):
        with database.transaction() as session:
            for name in names:
                builders.listed(session, f"https://{name}/", Scope.HOST, at=clock.now())
        delist(database, *gone)
        jobs.make_release()
        jobs.show_changes()
    assert fed(database, settings_here) is zone.Step.UPDATED
    assert held_by(settings_here) == (4, {TEST_NAME, "three.example.org"})


def test_what_a_zone_has_no_room_for_neither_comes_nor_has_to_go(primary, publish, database, settings_here, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    unfit = [name_of(250), INSTRUCTION.replace("32.53", "x")]
    list_many(database, unfit)
    with database.transaction() as session:
        builders.listed(session, "https://page.example.org/offer", at=clock.now())
    assert publish() == 2
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org"})
    delist(database, *unfit)
    assert publish("two.example.org") == 3
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "two.example.org"})


def test_a_stale_serial_is_refused_and_nothing_changes(primary, publish, database, settings_here):
    publish("one.example.org")
    publish("two.example.org")
    asked = Primary(settings_here)
    old, new = soa_of(settings_here, database, 1), soa(settings_here, Mark(3, None))
    late = asked.update(old, new, gone={"two.example.org"}, come={"three.example.org"})
    assert asked.send(late) == "NXRRSET"
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})


def test_more_than_one_update_holds_comes_as_a_file_and_goes_so_too(primary, publish, database, settings_here, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    # BIND has not written this to its file yet when it is told to make room for ours.
    publish("two.example.org")
    many = {f"host-{number}.example.org" for number in range(2500)}
    list_many(database, many)
    jobs.make_release()
    jobs.show_changes()
    assert letters.names_between(settings_here, 2, 3).come == many
    # The file is not there yet: whoever writes it comes again.
    assert fed(database, settings_here) is zone.Step.WAITS
    jobs.write_release()
    assert fed(database, settings_here) is zone.Step.RESTORED
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "two.example.org", *many})
    delist(database, *many)
    publish()
    assert held_by(settings_here) == (4, {TEST_NAME, "one.example.org", "two.example.org"})


def test_as_many_names_as_fit_come_by_one_update(primary, publish, database, settings_here, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    many = {f"host-{number}.example.org" for number in range(1000)}
    list_many(database, many)
    jobs.make_release()
    jobs.show_changes()
    assert fed(database, settings_here) is zone.Step.UPDATED
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", *many})


def test_a_lost_zone_comes_back_by_itself(primary, publish, database, settings_here):
    publish("one.example.org")
    publish("two.example.org")
    primary.lose_zone()
    assert Primary(settings_here).soa() is None
    jobs.feed_zone()
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})


def test_a_primary_that_was_killed_has_the_zone_that_it_had(primary, publish, settings_here):
    publish("one.example.org")
    publish("two.example.org")
    publish("three.example.org")
    primary.kill()
    primary.start()
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "two.example.org", "three.example.org"})
    publish("four.example.org")
    assert held_by(settings_here)[0] == 4


def test_what_was_put_in_by_hand_is_seen_and_taken_out_with_a_serial_that_networks_take(primary, publish, settings_here):
    publish("one.example.org")
    by_hand(settings_here, "mine.example.org")
    assert Primary(settings_here).soa().split()[2] == "2"
    jobs.feed_zone()
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org"})


def test_an_edit_by_hand_does_not_hide_behind_the_next_release(primary, publish, settings_here):
    publish("one.example.org")
    by_hand(settings_here, "mine.example.org")
    # Release 2 has the very serial that the edit has.
    publish("two.example.org")
    serial, names = held_by(settings_here)
    assert names == {TEST_NAME, "one.example.org", "two.example.org"}
    assert serial == 3


def test_an_edit_that_took_our_own_soa_is_found_when_the_zone_is_read_back(app, primary, publish, database, settings_here):
    publish("one.example.org")
    with database.transaction() as session:
        builders.listed(session, "https://two.example.org/", Scope.HOST, at=clock.now())
    jobs.make_release()
    by_hand(settings_here, "mine.example.org", as_if=soa_of(settings_here, database, 2))
    jobs.write_release()
    jobs.feed_zone()
    checked = app.test_cli_runner().invoke(args=["dns", "check"])
    assert checked.exit_code == 1
    assert "mine.example.org" in checked.output
    jobs.look_at_zone()
    assert held_by(settings_here)[1] == {TEST_NAME, "one.example.org", "two.example.org"}
    assert app.test_cli_runner().invoke(args=["dns", "check"]).exit_code == 0


def test_a_serial_far_above_ours_waits_for_a_person(app, primary, publish, database, settings_here):
    publish("one.example.org")
    primary_ = Primary(settings_here)
    message = dns.update.Update(primary_.zone, keyring=primary_._key)
    message.replace("@", 300, "SOA", "localhost. hostmaster.list.example. 2026112701 300 60 604800 60")
    assert primary_.send(message) == "NOERROR"
    with pytest.raises(zone.Trouble, match="2026112701"):
        fed(database, settings_here)
    publish("two.example.org")
    with database.reading() as session:
        # No release was made just to overtake it.
        assert publishing.newest(session).number == 2
    assert "2026112701" in app.test_cli_runner().invoke(args=["dns", "check"]).output


def test_a_primary_that_is_away_holds_nothing_up_and_gets_all_of_it_later(app, primary, publish, settings_here):
    publish("one.example.org")
    primary.kill()
    assert publish("two.example.org") == 2
    assert (settings_here.data / "feed" / "current" / "rpz.zone").read_text().count("CNAME") == 6
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert f"The primary {settings_here.dns_primary} does not answer" in said
    primary.start()
    jobs.feed_zone()
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})


def test_two_workers_at_once_do_no_harm(primary, publish, app, database, settings_here):
    publish("one.example.org")
    for number in range(6):
        with database.transaction() as session:
            builders.listed(session, f"https://more{number}.example.org/", Scope.HOST, at=clock.now())
        jobs.make_release()
        ready = Barrier(3)

        def work(ready=ready):
            with app.app_context():
                ready.wait()
                jobs.feed_zone()

        threads = [Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        serial, names = held_by(settings_here)
        assert (serial, f"more{number}.example.org" in names) == (number + 2, True)


def test_without_a_control_program_small_changes_go_and_a_lost_zone_waits_for_a_person(app, primary, publish, database, settings_here):
    publish("one.example.org")
    remote = app.extensions["settings"] = replace(settings_here, dns_control=())
    publish("two.example.org")
    assert held_by(settings_here)[0] == 2
    primary.lose_zone()
    with pytest.raises(zone.Trouble, match="flask dns zone"):
        fed(database, remote)
    printed = app.test_cli_runner().invoke(args=["dns", "zone"]).output
    (settings_here.dns_folder / "rpz.zone").write_text(printed)
    primary.stop()
    primary.start()
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})
    assert fed(database, remote) is zone.Step.NOTHING


def test_a_run_that_was_cut_short_between_two_steps_is_made_up_for(primary, publish, database, settings_here, monkeypatch):
    """Killed before the file, after it, and before the server was asked again."""
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    expected = {TEST_NAME, "one.example.org"}
    for number, place in enumerate(("app.zone.letters.write_zone", "app.zone.control._run", "app.zone.control.until")):
        many = {f"host-{number}-{count}.example.org" for count in range(2100)}
        list_many(database, many)
        jobs.make_release()
        jobs.write_release()
        with monkeypatch.context() as cut:
            cut.setattr(place, _dies_after(place))
            with pytest.raises(KeyboardInterrupt):
                zone.feed(database, settings_here)
        assert fed(database, settings_here) in (zone.Step.RESTORED, zone.Step.NOTHING)
        expected |= many
        assert held_by(settings_here) == (number + 2, expected)


def _dies_after(place):
    real = pkgutil.resolve_name(place)

    def dies(*args, **kwargs):
        real(*args, **kwargs)
        raise KeyboardInterrupt

    return dies


def test_an_instance_without_a_primary_has_no_trouble_with_any_of_this(database_url, settings):
    app = create_app(settings, database_url=database_url)
    with app.app_context():
        jobs.take_keys()
        jobs.feed_zone()
        jobs.look_at_zone()
        jobs.tend_zone()
    assert not settings.dns_folder.exists()
    assert "FLAGSTONE_DNS_PRIMARY" in app.test_cli_runner().invoke(args=["dns", "check"]).output


def test_without_a_control_program_a_train_of_updates_mends_it(app, primary, publish, database, settings_here, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    app.extensions["settings"] = replace(settings_here, dns_control=())
    many = {f"host-{number}.example.org" for number in range(2500)}
    list_many(database, many)
    serial = publish()
    assert held_by(settings_here) == (serial, {TEST_NAME, "one.example.org", *many})
    with database.reading() as session:
        assert publishing.newest(session).number == serial
    delist(database, *many)
    by_hand(settings_here, "mine.example.org")
    serial = publish()
    assert held_by(settings_here) == (serial, {TEST_NAME, "one.example.org"})


def test_a_train_that_was_cut_short_is_seen_and_ends(app, primary, publish, database, settings_here, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("one.example.org")
    app.extensions["settings"] = replace(settings_here, dns_control=())
    many = {f"host-{number}.example.org" for number in range(2500)}
    list_many(database, many)
    with monkeypatch.context() as cut:
        cut.setattr("app.zone.primary.Primary.send", _dies_after("app.zone.primary.Primary.send"))
        with pytest.raises(KeyboardInterrupt):
            publish()
    assert mark_of(settings_here, Primary(settings_here).soa()) is None
    list_many(database, ["two.example.org"])
    serial = publish()
    assert held_by(settings_here) == (serial, {TEST_NAME, "one.example.org", "two.example.org", *many})
