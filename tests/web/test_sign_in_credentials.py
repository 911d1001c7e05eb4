"""Passwords and one-time codes, without anyone to use them."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from app import keys as key_files
from app.sign_in import credentials
from moderation import policy
from tests import builders

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def keys(tmp_path):
    return key_files.load(builders.settings(tmp_path))


@pytest.fixture
def other_keys(tmp_path):
    return key_files.load(builders.settings(tmp_path / "other"))


def test_only_its_own_password_fits_a_hash():
    made = credentials.hash_password("right horse")
    assert credentials.password_matches(made, "right horse")
    assert not credentials.password_matches(made, "right  horse")


def test_nobody_has_a_password_not_even_the_one_behind_the_dummy():
    assert not credentials.password_matches(None, "nobody has this password")


@pytest.mark.long
def test_asking_for_nobody_takes_as_long_as_asking_for_somebody():
    made = credentials.hash_password("right horse")
    credentials.password_matches(None, "warm up")

    def shortest(password_hash):
        times = []
        for _ in range(3):
            start = perf_counter()
            credentials.password_matches(password_hash, "wrong")
            times.append(perf_counter() - start)
        return min(times)

    assert 0.5 < shortest(None) / shortest(made) < 2


@pytest.mark.parametrize("seconds", [-30, 0, 29, 30])
def test_a_code_is_good_one_step_early_and_one_step_late(seconds):
    code = credentials.current_code(SECRET, NOON)
    assert credentials.code_step(SECRET, code, NOON + timedelta(seconds=seconds)) == int(NOON.timestamp()) // 30


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_code_is_not_good_at_other_times(seconds):
    code = credentials.current_code(SECRET, NOON)
    assert credentials.code_step(SECRET, code, NOON + timedelta(seconds=seconds)) is None


@pytest.mark.parametrize("typed", ["", "12345", "abc", "९९", "\x00", "1" * 10_000])
def test_what_is_no_code_fits_no_step(typed):
    assert credentials.code_step(SECRET, typed, NOON) is None


def test_a_code_may_be_typed_in_the_digits_of_ones_own_language():
    code = credentials.current_code(SECRET, NOON)
    in_arabic = "".join(chr(ord("٠") + int(digit)) for digit in code)
    assert credentials.code_step(SECRET, in_arabic, NOON) is not None


def test_a_sealed_secret_opens_with_the_instances_key_alone(keys, other_keys):
    sealed = credentials.seal_code_secret(SECRET, keys)
    assert SECRET.encode() not in sealed
    assert credentials.open_code_secret(sealed, keys) == SECRET
    with pytest.raises(credentials.SecretUnreadable):
        credentials.open_code_secret(sealed, other_keys)


def test_demo_credentials_are_the_same_at_each_start_and_differ_between_instances(keys, other_keys):
    def derived(of):
        return credentials.demo_password(of), credentials.demo_code_secret(of, "a@demo.example")

    assert derived(keys) == derived(keys)
    assert not set(derived(keys)) & set(derived(other_keys))
    assert credentials.demo_code_secret(keys, "a@demo.example") != credentials.demo_code_secret(keys, "b@demo.example")


def test_the_demo_password_is_long_enough_for_the_policy(keys):
    assert len(credentials.demo_password(keys)) >= policy.PASSWORD_LEAST
