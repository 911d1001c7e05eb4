"""Files of rows in every dialect that spreadsheet programs write, and results that none of them runs."""

import csv
import io

import pytest

from app import spreadsheets
from app.batches import Read
from app.report_shape import Fault
from app.spreadsheets import COLUMNS, Unreadable, read, results
from moderation import policy
from moderation.vocabulary import Resource

TEXT = "what,category,more\nhttps://jobs.test/,labour,café\n"


@pytest.fixture(autouse=True)
def spoken(standing_app):
    """Faults are said in the language of a page."""
    with standing_app.test_request_context():
        yield


def only(content):
    ((_number, given),) = read(content).rows
    return given


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_are_read_however_they_are_written(encoding):
    assert only(TEXT.encode(encoding))["details"] == {"more": "café"}


def test_letters_that_had_to_be_guessed_are_told(standing_app):
    assert read(TEXT.encode("cp1252")).is_guessed
    assert not read(TEXT.encode()).is_guessed


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_are_parted_by_any_usual_sign(sign, end):
    text = f'category{sign}what{end}labour{sign}"a, b; c\td"{end}'
    assert only(text.encode())["what"] == "a, b; c\td"


def test_a_cell_holds_several_lines():
    assert only(b'what,category\n"https://a.test/\nhttps://b.test/",child\n')["what"] == "https://a.test/\nhttps://b.test/"


def test_columns_come_in_any_order_and_however_they_are_capitalised():
    given = only(b"Danger Now, Category ,WHAT\nYES,Child,x\n")
    assert given == {"what": "x", "category": "child", "danger_now": True, "details": {}}


def test_several_answers_stand_in_one_cell():
    assert only(b'what,category,stages\nx,child,"moving, paying"\n')["details"] == {"stages": ["moving", "paying"]}


def test_a_row_keeps_the_number_that_its_program_shows():
    assert [number for number, _ in read(b"what,category\na,child\n\n,,\nb,child\n").rows] == [2, 5]


def test_what_looks_like_a_formula_is_kept_as_it_is_typed():
    assert only(b"what,category\n+49 30 1234567,child\n")["what"] == "+49 30 1234567"


BAD = {
    "nothing": b"",
    "names alone": b"what,category\n",
    "no names": b"https://jobs.test/,labour\n",
    "a name too few": b"what\nhttps://jobs.test/\n",
    "a name too many": b"what,category,password\na,child,b\n",
    "a name twice": b"what,category,what\na,child,b\n",
    "a workbook": b"PK\x03\x04" + b"\0" * 100,
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "an open quotation": b'what,category\n"a,child\n',
    "letters of nobody": b"what,category\n\x81\x8d,child\n",
    "too many bytes": b"what,category\n" + b"x" * policy.UPLOAD_BYTES,
    "too many rows": b"what,category\n" + b"a,child\n" * (policy.UPLOAD_ROWS + 1),
    "a cell too long": b"what,category\n" + b"x" * 200_000 + b",child\n",
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_read_is_told_what_to_do(what):
    with pytest.raises(Unreadable, match=r"\w.*\."):
        read(BAD[what])


def test_the_template_is_read_as_it_is():
    given = only(spreadsheets.template().encode())
    assert given["category"] == "labour"
    assert tuple(next(csv.reader(io.StringIO(spreadsheets.template().lstrip("\ufeff"))))) == COLUMNS


@pytest.mark.parametrize("canonical", ["=cmd()", "+4930123", "-1", "@sum"])
def test_no_result_is_a_formula(canonical):
    sheet = read(b"what,category\na,child\n")
    told = results(sheet, [Read(report=None, resources=(Resource(kind="phone", canonical=canonical),), code="AAAA")])
    assert list(csv.reader(io.StringIO(told)))[1] == ["2", "stored", "AAAA", f"'{canonical}", ""]


@pytest.mark.parametrize("sign", [";", "\t", "|", "; "])
def test_no_result_becomes_a_formula_where_another_sign_parts_the_cells(sign):
    sheet = read(b"what,category\na,child\n")
    page = Resource(kind="web_page", canonical=f"https://jobs.test/{sign}=cmd()")
    told = results(sheet, [Read(report=None, resources=(page,), code="AAAA")])
    cells = [cell.strip() for line in csv.reader(io.StringIO(told), delimiter=sign.strip(" ")) for cell in line]
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_refused_row_has_its_reason_and_no_receipt():
    sheet = read(b"what,category\na,child\n")
    told = results(sheet, [Read(report=None, faults=(Fault("/category", "Choose one."),), code="AAAA")])
    assert list(csv.reader(io.StringIO(told)))[1] == ["2", "refused", "", "", "category: Choose one."]
