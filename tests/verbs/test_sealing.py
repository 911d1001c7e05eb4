"""What reporters sent opens for the desk's key alone; a receipt survives being written down by hand."""

import base64
from dataclasses import replace

import pytest
from pyrage import x25519

from app import keys, sealing
from app.sealing import CannotOpen
from moderation import policy

TYPED = {"what": "https://jobs.test/offer/7", "more": "Ils gardent nos passeports. 他们拿走护照。", "contact": ""}


@pytest.fixture
def desk(settings):
    return keys.load(settings)


def another(desk):
    """The keys of another desk."""
    identity = x25519.Identity.generate()
    return replace(desk, desk_identity=str(identity), desk_recipient=str(identity.to_public()))


def test_what_was_sealed_opens_as_it_was_typed(desk):
    sealed = sealing.seal(TYPED, desk)
    assert sealing.open_sealed(sealed.text, sealed.wrapped_identity, desk) == TYPED


def test_nothing_of_the_text_shows_in_what_is_stored(desk):
    sealed = sealing.seal(TYPED, desk)
    for text in TYPED.values():
        assert not text or text.encode() not in sealed.text + sealed.wrapped_identity


def test_another_desks_key_opens_nothing(desk):
    sealed = sealing.seal(TYPED, desk)
    with pytest.raises(CannotOpen):
        sealing.open_sealed(sealed.text, sealed.wrapped_identity, another(desk))


def test_one_reports_key_does_not_open_another_report(desk):
    one, other = sealing.seal(TYPED, desk), sealing.seal(TYPED, desk)
    with pytest.raises(CannotOpen):
        sealing.open_sealed(one.text, other.wrapped_identity, desk)


def test_a_process_without_the_desks_key_seals_and_cannot_open(desk):
    public = replace(desk, desk_identity=None)
    sealed = sealing.seal(TYPED, public)
    with pytest.raises(CannotOpen):
        sealing.open_sealed(sealed.text, sealed.wrapped_identity, public)
    assert sealing.open_sealed(sealed.text, sealed.wrapped_identity, desk) == TYPED


def test_what_waits_for_the_desk_opens_after_its_key_was_changed_while_the_old_one_is_kept(desk):
    waiting, new = sealing.seal_to_desk(b"rows of a file", desk), another(desk)
    assert sealing.open_at_desk(waiting, replace(new, former_identities=(str(desk.desk_identity),))) == b"rows of a file"


def test_what_waits_for_the_desk_opens_for_no_other_desk(desk):
    with pytest.raises(CannotOpen):
        sealing.open_at_desk(sealing.seal_to_desk(b"rows of a file", desk), another(desk))


def test_what_is_shredded_stays_closed(desk):
    sealed = sealing.seal(TYPED, desk)
    with pytest.raises(CannotOpen):
        sealing.open_sealed(None, sealed.wrapped_identity, desk)
    with pytest.raises(CannotOpen):
        sealing.open_sealed(sealed.text, None, desk)


def test_a_changed_ciphertext_does_not_open(desk):
    sealed = sealing.seal(TYPED, desk)
    changed = sealed.text[:-1] + bytes([sealed.text[-1] ^ 1])
    with pytest.raises(CannotOpen):
        sealing.open_sealed(changed, sealed.wrapped_identity, desk)


def test_the_desks_key_file_is_for_its_owner_alone(settings):
    keys.load(settings)
    (file,) = settings.data.rglob("desk.agekey")
    assert file.stat().st_mode & 0o077 == 0


def test_a_receipt_holds_enough_chance_that_nobody_guesses_one(desk):
    codes = {sealing.new_receipt() for _ in range(50)}
    letters = {len("".join(sign for sign in code if sign.isalnum())) for code in codes}
    assert len(codes) == 50
    assert min(letters) * 5 >= policy.RECEIPT_BITS >= 112


def test_a_receipt_has_each_bit_of_its_secret(desk):
    secret = bytes(range(16))
    code = sealing.receipt_code(secret)
    assert base64.b32decode(code.replace("-", "") + "======") == secret


@pytest.mark.parametrize(
    "typed",
    ["BOIB-2345", "boib-2345", "b o i b 2 3 4 5", "8018-2345", "B0IB 2345", "boib–2345", "  BOIB\n2345.", "ＢＯＩＢ－２３４５"],
    ids=["as given", "small", "spaced", "digits for letters", "a zero", "another dash", "a line break and a full stop", "full width"],
)
def test_a_receipt_is_known_however_it_was_typed(typed):
    assert sealing.receipt_digest(typed) == sealing.receipt_digest("BOIB-2345")


def test_another_code_has_another_digest():
    assert sealing.receipt_digest("BOIB-2345") != sealing.receipt_digest("BOIB-2346")


def test_a_free_text_is_known_again_by_this_instance_alone(desk, tmp_path, settings):
    elsewhere = keys.load(replace(settings, data=tmp_path / "elsewhere"))
    assert sealing.text_digest(desk, "a man called Ben") == sealing.text_digest(desk, "a man called Ben")
    assert sealing.text_digest(desk, "a man called Ben") != sealing.text_digest(elsewhere, "a man called Ben")
