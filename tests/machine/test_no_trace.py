"""No trace: after 1,000 reports and all that can go wrong, nothing that tells of a reporter lies in the database, its log, or any file."""

import base64
import shutil
import socket
import subprocess
from urllib.parse import quote, quote_plus

import psycopg
import pytest

from app import embedded, schema
from app.cluster import bundled_programs
from tests.machine.served import served

pytestmark = pytest.mark.long

REPORTS = 1_000
WANTED = "https://canary-offer.test/meant/to/be/kept"
"""What is reported is meant to be there: it shows that the search can find."""

SOCKET = "127.77.66.55"
"""Loopback as well, and in no file of the system."""

CANARIES = {
    "address": "198.51.100.213",
    "ipv6 address": "2001:db8:ca9a:71e5:b1d5:77aa:66bb:55cc",
    "socket's address": SOCKET,
    "user agent": "CanaryBrowser/7.7 (Quetzalphone; Zz 9)",
    "accepted language": "tlh-Canaryx",
    "referrer": "https://canary-referrer.test/came/from",
    "cookie": "canary-cookie-4711",
    "words": "canary words about a man called Selkiequx",
    "details": "Canary details: she kept the passports in Zzyzxtown",
    "place": "the group canary-otters",
    "contact": "heron-canary@mail-of-reporter.test",
    "file name": "canary-photo-of-selkiequx.jpg",
    "file": "canary bytes of a picture",
    "code": "CANA-RYCO-DEXX-YYZZ",
    "looked up": "canary-looked-up.test",
    "path": "canary-path-nowhere",
    "query": "canary-query-value",
    "wrong method": "CANARYMETHOD",
}

HEADERS = [
    {
        "X-Real-IP": CANARIES[address],
        "X-Forwarded-For": CANARIES[address],
        "User-Agent": CANARIES["user agent"],
        "Accept-Language": f"{CANARIES['accepted language']}, {language};q=0.5",
        "Referer": CANARIES["referrer"],
        "Cookie": f"session={CANARIES['cookie']}",
    }
    for address in ("address", "ipv6 address")
    for language in ("ar-EG", "zh-Hans-CN", "fr", "ru", "es-MX", "en")
]


def spellings(secret):
    """Every way in which it might lie in a file: those in which case means nothing, and those in which it does."""
    plain = secret.encode()
    loose = {plain, plain.hex().encode(), quote(secret, safe="").encode(), quote(secret).encode(), quote_plus(secret).encode()}
    loose |= {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    strict = set()
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        # In base64 three alignments are possible; what depends on the neighbours is left out.
        whole = base64.b64encode(b"\0" * before + plain)[cut:].rstrip(b"=")
        strict |= {whole[:-1], whole[:-1].translate(bytes.maketrans(b"+/", b"-_"))}
    return {each.lower() for each in loose}, strict


def found_in(files, secrets):
    """Which secrets lie in which files."""
    needles = {name: spellings(secret) for name, secret in secrets.items()}
    hits = set()
    for file in files:
        content = file.read_bytes()
        lowered = content.lower()
        hits |= {
            (name, file.name)
            for name, (loose, strict) in needles.items()
            if any(each in lowered for each in loose) or any(each in content for each in strict)
        }
    return hits


def files_below(*folders):
    return [file for folder in folders for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]


class Scene:
    """One instance with everything that it writes in folders of its own."""

    def __init__(self, folder, data):
        self.folder, self.data = folder, data
        self.logs, self.temporary = folder / "logs", folder / "temporary"
        self.logs.mkdir()
        self.temporary.mkdir()
        self.bundled = embedded.join(data)
        schema.upgrade(self.bundled.url)

    def execute(self, *statements):
        with psycopg.connect(self.bundled.url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def serve(self):
        proxied = {"FLAGSTONE_BEHIND_PROXY": "1", "FLAGSTONE_CLIENT_HEADER": "X-Real-IP", "TMPDIR": str(self.temporary)}
        return served(self.data, "", logs=self.logs, **proxied)

    def dump(self):
        file = self.folder / "dump.sql"
        host = self.bundled.url.partition("host=")[2].replace("%2F", "/")
        command = [bundled_programs() / "pg_dump", "-h", host, "-U", "postgres", "-f", file, "flagstone"]
        subprocess.run(command, check=True)
        return file

    def everything(self):
        """What lies on the disk now: database, its journal, its log, keys, the server's log, temporary files, and a dump."""
        return [self.dump(), *files_below(self.data, self.logs, self.temporary)]


@pytest.fixture
def scene(folder, data):
    return Scene(folder, data)


def a_report(site, number):
    what = f"{WANTED}/{number % 50}" if number % 10 else f"{CANARIES['words']} {number}"
    told = {"more": f"{CANARIES['details']} {number}", "contact": CANARIES["contact"], "where_seen": CANARIES["place"]}
    given = site.report(what, headers=HEADERS[number % len(HEADERS)], scripted="1", **told)
    return given | {"path": f"/en/report?from={CANARIES['query']}"}


def with_file(site, number):
    """A form with a picture that nobody asked for, larger than what a framework would hold in memory."""
    form = a_report(site, number)
    parts = [f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in form["form"].items()]
    head = (
        f'--edge\r\nContent-Disposition: form-data; name="upload"; filename="{CANARIES["file name"]}"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    parts += [head.encode(), CANARIES["file"].encode() * 30_000, b"\r\n--edge--\r\n"]
    headers = form["headers"] | {"Content-Type": "multipart/form-data; boundary=edge"}
    return {"method": "POST", "path": form["path"], "body": b"".join(parts), "headers": headers}


def other_pages(number):
    """What reporters also do: look, follow, get lost, type too much."""
    headers = HEADERS[number % len(HEADERS)]
    code, looked_up = {"code": CANARIES["code"]}, {"address": f"https://{CANARIES['looked up']}/{number}"}
    huge = {"what": CANARIES["details"] * 40_000}
    asked = [
        ("GET", f"/ar/report?{CANARIES['query']}", None),
        ("POST", "/en/status", code),
        ("POST", "/fr/check", looked_up),
        ("GET", f"/exit?{CANARIES['query']}", None),
        ("GET", f"/en/{CANARIES['path']}", None),
        ("POST", f"/{CANARIES['path']}", code),
        ("POST", "/en/report", {"what": CANARIES["words"], "category": "", "more": CANARIES["details"]}),
        ("POST", "/en/report", huge),
        (CANARIES["wrong method"], "/en/report", None),
        ("POST", "/desk/sign-in", {"email": CANARIES["contact"], "password": CANARIES["details"]}),
        ("GET", f"/feed/v1/t/{CANARIES['path']}/domains.txt", None),
    ]
    return [{"method": method, "path": path, "form": form, "headers": headers} for method, path, form in asked]


def broken(site, number):
    """Requests that no browser sends, and one that ends half way."""
    for letter in (
        f"GET /{CANARIES['path']} HTTP/9.9\r\n\r\n",
        f"{CANARIES['wrong method']}\x01 /{CANARIES['path']} HTTP/1.1\r\n\r\n",
        f"POST /en/report HTTP/1.1\r\nHost: x\r\n{CANARIES['cookie']}\r\n\r\n",
        f"POST /en/report HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CANARIES['code']}\r\n",
        f"POST /en/report HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nwhat={CANARIES['words']}",
    ):
        with socket.create_connection(("127.0.0.1", site.settings.port), timeout=30, source_address=(SOCKET, 0)) as connection:
            connection.sendall(letter.encode())
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass


def failing(scene, site):
    """Reports and look-ups while the database refuses them; what they were answered."""
    refuse = "ALTER TABLE resource ADD CONSTRAINT refuse CHECK (canonical NOT LIKE '%refused%') NOT VALID"
    scene.execute("ALTER TABLE listing RENAME TO away", refuse)
    refused = [a_report(site, number) for number in range(5)]
    for report in refused:
        report["form"]["what"] = f"{WANTED}/refused {CANARIES['words']}"
    answers = site.at_once([*refused, *(each for each in other_pages(1) if "check" in each["path"])])
    scene.execute("ALTER TABLE away RENAME TO listing", "ALTER TABLE resource DROP CONSTRAINT refuse")
    return [answer.status for answer in answers]


def test_1000_reports_and_all_that_goes_wrong_leave_no_trace(scene):
    with scene.serve() as plain_site:
        site = plain_site.coming_from(SOCKET)
        reports = [with_file(site, number) if number % 50 == 7 else a_report(site, number) for number in range(REPORTS)]
        kept = site.at_once(reports)
        assert [answer.status for answer in kept] == [200] * REPORTS
        others = site.at_once([each for number in range(6) for each in other_pages(number)])
        assert {answer.status for answer in others} >= {200, 303, 404, 405, 413, 422}
        assert failing(scene, site) == [500] * 6
        broken(site, 1)
        scene.execute("CHECKPOINT")
        while_it_runs = found_in(scene.everything(), CANARIES)
        addresses = found_in(scene.everything(), {"resource": WANTED})
    scene.bundled.leave()
    backup = shutil.copytree(scene.folder, scene.folder.with_name(f"{scene.folder.name}-backup"), symlinks=True)
    try:
        in_the_backup = found_in(files_below(backup), CANARIES)
    finally:
        shutil.rmtree(backup)
    assert while_it_runs == set()
    assert in_the_backup == set()
    places = {place for _, place in addresses}
    assert "dump.sql" in places
    # Where a report is deleted, no log may keep what it named.
    assert not {"server.log", "postgres.log"} & places


def test_the_search_finds_what_was_planted(scene):
    scene.execute("CREATE TABLE planted (words text)", f"INSERT INTO planted VALUES ('{CANARIES['details']}')", "CHECKPOINT")
    found = {place for name, place in found_in(scene.everything(), CANARIES) if name == "details"}
    journal = {file.name for file in (scene.data / "postgres/pg_wal").iterdir()}
    assert "dump.sql" in found
    assert found & journal
    scene.bundled.leave()


@pytest.mark.parametrize("name", CANARIES)
def test_the_search_finds_every_spelling(tmp_path, name):
    secret = CANARIES[name]
    loose = [secret, secret.upper(), secret.encode().hex(), quote(secret), quote_plus(secret, safe="")]
    written = [each.encode() for each in loose] + [secret.encode("utf-16-le"), secret.encode("utf-16-be")]
    written += [base64.b64encode(b"x" * before + secret.encode() + b"yz") for before in range(3)]
    for number, each in enumerate(written):
        (tmp_path / f"{number}").write_bytes(b"before " + each + b" after")
    assert found_in(files_below(tmp_path), {name: secret}) == {(name, f"{number}") for number in range(len(written))}
