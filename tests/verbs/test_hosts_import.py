"""`flask hosts import` as an operator types it: what is shown, what is written, and what a bad line costs."""

import csv
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from app.database import EXTENSION
from app.known_hosts.packaged import PROTECTED_SOURCE
from moderation import audit, facts
from moderation.models import KnownHostRow
from moderation.vocabulary import LOADED_MARK
from tests.house.sources import CHECKOUT

VECTORS = Path(os.environ.get("FLAGSTONE_VECTORS", CHECKOUT.parent / "shared" / "vectors"))
OURS = "our partners"


@pytest.fixture
def hosts(app, tmp_path):
    def run(*arguments, given="", text=None):
        if text is not None:
            (tmp_path / "list.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
            arguments = (arguments[0], str(tmp_path / "list.csv"), "--source", OURS, *arguments[1:])
        return app.test_cli_runner().invoke(args=["hosts", *arguments], input=given)

    return run


@pytest.fixture
def said(app):
    """What a source says: host, class, what it is protected as, rank."""

    def read(source=OURS):
        columns = KnownHostRow.host, KnownHostRow.host_class, KnownHostRow.protected_as, KnownHostRow.rank
        with app.extensions[EXTENSION].reading() as session:
            return {tuple(row) for row in session.execute(select(*columns).where(KnownHostRow.source == source))}

    return read


def recorded(app):
    with app.extensions[EXTENSION].reading() as session:
        return [each for each in audit.newest(session, limit=50) if each.action.startswith("known hosts")]


def test_each_class_arrives_with_what_it_is_protected_as_and_its_rank(hosts, said):
    own = "bank.example,bank\nclinic.example,protected,health\nshelter.example,survivor_support\n"
    text = f"host,class,protected_as,rank\n{own}top.example,popular,,70\nall.example,popular\n"
    assert hosts("import", "--yes", text=text).exit_code == 0
    assert said() == {
        ("bank.example", "bank", None, None),
        ("clinic.example", "protected", "health", None),
        ("shelter.example", "protected", "survivor_support", None),
        ("top.example", "popular_1m", None, 70),
        ("all.example", "popular_10k", None, None),
    }


def test_nothing_is_written_before_somebody_says_so(app, hosts, said):
    shown = hosts("import", text="host,class\nclinic.example,health\n")
    assert "+ clinic.example: protected as health" in shown.output
    assert "Nothing was written" in shown.output
    assert shown.exit_code == 0
    assert said() == set()
    assert "1 hosts added" in hosts("import", text="host,class\nclinic.example,health\n", given="y\n").output
    assert len(said()) == 1


def test_the_same_file_again_changes_nothing_and_leaves_no_record(app, hosts):
    text = "host,class\nclinic.example,health\nbank.example,bank\n"
    hosts("import", "--yes", text=text)
    assert "Nothing changed." in hosts("import", "--yes", text=text).output
    assert len(recorded(app)) == 1


def test_what_changed_is_told_and_recorded(app, hosts, said):
    hosts("import", "--yes", text="host,class\nclinic.example,health\nstays.example,bank\n")
    shown = hosts("import", "--yes", text="host,class\nclinic.example,never\nnew.example,news\n").output
    assert "~ clinic.example: protected as health -> never" in shown
    assert said() == {
        ("clinic.example", "never", None, None),
        ("new.example", "protected", "news", None),
        ("stays.example", "bank", None, None),
    }
    newest = recorded(app)[0]
    assert newest.subject == f"known_hosts:{OURS}"
    assert (newest.detail["added"], newest.detail["changed"], newest.detail["removed"]) == (1, 1, 0)


def test_replacing_removes_what_the_file_no_longer_names_and_no_other_list(hosts, said):
    hosts("import", "--yes", text="host,class\ngone.example,bank\nstays.example,bank\n")
    assert "- gone.example: bank" in hosts("import", "--yes", "--replace", text="host,class\nstays.example,bank\n").output
    assert said() == {("stays.example", "bank", None, None)}
    assert said(LOADED_MARK.source) != set()


@pytest.mark.long
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("203.0.113.9,never", "is an address of a machine"),
        ("co.uk,never", "is a public suffix"),
        ("file.pdf,never", "no top-level domain"),
        ("shop.example,excellent", "no class that we know"),
        ("shop.example,protected,astronomy", "protected as nothing that we know"),
        ("shop.example,popular,,0", "a rank that is no whole number"),
        ('"never closed,bank', "a quotation mark that is not closed"),
        ("a b.example,bank", "no name of a host"),
    ],
)
def test_a_bad_line_is_named_with_its_number_and_costs_no_other(hosts, said, line, why):
    shown = hosts("import", "--yes", text=f"host,class,protected_as,rank\nfirst.example,bank\n{line}\nlast.example,bank\n")
    assert "line 3: " in shown.output
    assert why in shown.output
    assert {host for host, *_ in said()} == {"first.example", "last.example"}


def test_a_bad_line_cannot_move_the_cursor_of_who_reads_of_it(hosts):
    assert "\x1b" not in hosts("import", text="host,class\n\x1b[2Jshop.example,bank\n").output


@pytest.mark.long
def test_every_line_left_out_can_be_had_as_a_file(hosts, tmp_path):
    hosts("import", "--left-out", str(tmp_path / "left.csv"), text="host,class\n" + "".join(f"10.0.0.{each},bank\n" for each in range(30)))
    assert len(list(csv.reader((tmp_path / "left.csv").open(encoding="utf-8")))) == 30


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "\ufeffhost,class\r\nwww.clinic.example,health\r\n".encode(),
        b"host;class\nWWW.Clinic.Example.;Health\n",
        b"class\thost\nhealth\thttps://clinic.example:8443/a?b=c#d\n",
        b'host,class,note\nclinic.example,health,"two\nlines, and a comma"\n',
        b"clinic.example,health\n",
        "host,class\nclinic.example,health\n".encode("utf-16"),
    ],
)
def test_a_file_is_read_however_a_program_saved_it(hosts, said, text):
    assert hosts("import", "--yes", text=text).exit_code == 0
    assert said() == {("clinic.example", "protected", "health", None)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "told"), [(b"PK\x03\x04rest", "CSV UTF-8"), (b"a,b\nc,d\n", "first line must name"), (b"", "no line in this file")]
)
def test_a_file_of_another_kind_is_refused_with_a_way_forward(hosts, content, told):
    refused = hosts("import", "--yes", text=content)
    assert refused.exit_code == 1
    assert told in refused.output


def test_a_packaged_lists_name_is_refused(app, tmp_path):
    (tmp_path / "list.csv").write_text("host,class\nbank.example,bank\n")
    refused = app.test_cli_runner().invoke(args=["hosts", "import", str(tmp_path / "list.csv"), "--source", LOADED_MARK.source, "--yes"])
    assert refused.exit_code == 1
    assert "Choose another --source" in refused.output


def test_a_page_on_a_platform_protects_no_whole_platform(hosts, said):
    """An activist's page on a network is no reason to keep the network's other pages from being listed."""
    text = "host,class\nhttps://network.example/activist,human_rights\nnetwork.example,platform\nhttps://paper.example/story,news\n"
    shown = hosts("import", "--yes", text=text)
    assert "a page of a platform" in shown.output
    assert said() == {("network.example", "platform", None, None), ("paper.example", "protected", "news", None)}


def test_what_is_said_of_a_site_counts_before_what_is_said_of_its_page(hosts, said):
    hosts("import", "--yes", text="host,class\nhttps://ngo.example/health,health\nngo.example,migrants\n")
    assert said() == {("ngo.example", "protected", "migrants", None)}


def test_citizen_labs_list_arrives_whole(app, hosts, said):
    file = VECTORS / "citizenlab-global.csv"
    lines = sum(1 for _ in csv.DictReader(file.open(encoding="utf-8")))
    shown = hosts("import", str(file), "--yes").output
    assert f"{lines} lines read (Citizen Lab test list)" in shown
    assert "explain" not in shown
    taken = said("Citizen Lab test list citizenlab-global")
    assert ("rsf.org", "protected", "human_rights", None) in taken
    assert ("thetrevorproject.org", "protected", "lgbt", None) in taken
    assert {host_class for _, host_class, *_ in taken} == {"protected", "platform", "popular_10k"}
    assert "Nothing changed." in hosts("import", str(file), "--yes").output


def test_what_lists_say_of_a_name_and_of_those_above_it_is_shown(hosts):
    hosts("import", "--yes", text="host,class\nclinic.example,health\n")
    assert f"clinic.example\tprotected as health\t{OURS}" in hosts("show", "https://help.Clinic.example/today").output
    assert "No list knows" in hosts("show", "other.example").output


def test_a_source_is_forgotten_whole_once_that_is_confirmed(app, hosts, said):
    hosts("import", "--yes", text="host,class\nclinic.example,health\n")
    assert hosts("forget", "--source", OURS, given="n\n").exit_code == 1
    assert len(said()) == 1
    assert hosts("forget", "--source", OURS, "--yes").exit_code == 0
    assert said() == set()
    assert recorded(app)[0].action == "known hosts forgotten"
    assert "packaged" in hosts("forget", "--source", LOADED_MARK.source, "--yes").output


def test_an_update_that_brings_a_list_of_ours_loads_that_alone(hosts, said):
    """The test's database has the mark of the packaged lists, and no protected host yet, as before an update."""
    assert hosts("load", "--if-missing").exit_code == 0
    assert ("kafa.org.lb", "protected", "anti_trafficking", None) in said(PROTECTED_SOURCE)
    assert said("Tranco top million") == set()
    assert "are loaded" in hosts("load", "--if-missing").output


def test_an_imported_host_is_among_the_facts_of_a_case(app, hosts):
    hosts("import", "--yes", text="host,class\nclinic.example,health\n")
    with app.extensions[EXTENSION].reading() as session:
        assert [known.protected_as for known in facts.known_hosts(session, "www.clinic.example")] == ["health"]
