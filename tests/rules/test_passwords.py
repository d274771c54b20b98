"""Which passwords are refused, and why; how fast they may be guessed; how long a session lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.people.hashing import hashed, matches
from auditapp.people.passwords import LEAST, MOST, common, weakness
from auditapp.people.sessions import Limits, browser_in_words, is_activity, own_path
from auditapp.people.throttling import counts, link_counts

ABOUT = ["Priya Shah", "priya.shah@anyshire.gov.uk", "Anyshire County Council"]
MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LIMITS = Limits(idle=timedelta(minutes=20), longest=timedelta(hours=10))


@pytest.mark.parametrize(
    "password",
    [
        "vintage lantern crisps",
        "purple window tractor seven",
        "839472639104827",
        "Ich möchte bitte Kuchen",
        "Kx7#pQ9!vRt2$mZw",
        "the heron ate my sandwich on the wall",
    ],
)
def test_long_and_unrelated_is_enough(password):
    assert weakness(password, ABOUT) == ""


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Passw0rd!Passw0rd!",
        "password19860412",
        "qwertyuiopasdfghjkl",
        "correct horse battery staple",
        "letmein letmein 123",
        "Priya Shah 2026!",
        "anyshire council!",
        "auditapp auditapp1",
        "welcome welcome welcome",
        "abcdefghijklmnopqrst",
        "password!£$%^&*()",
    ],
)
def test_what_others_would_try_first_is_refused(password):
    assert "too easy to guess" in weakness(password, ABOUT) or "again and again" in weakness(password, ABOUT)


def test_fourteen_characters_are_too_few_and_fifteen_are_enough():
    assert "15 characters or more" in weakness("lantern crisps"[:14])
    assert weakness("lantern crisps!") == ""


def test_a_very_long_password_is_refused_because_hashing_it_costs():
    assert "or fewer" in weakness("lantern crisps " * 40)


@pytest.mark.parametrize("unit", ["abc1", "Kx7#p", "ab", "z"])
def test_the_same_piece_again_and_again_is_refused(unit):
    assert "again and again" in weakness(unit * 20)


@given(st.sampled_from(sorted(common())), st.integers(0, 9999), st.sampled_from(["", "!", " "]))
def test_no_common_word_becomes_strong_by_digits_behind_it(word, number, end):
    candidate = f"{word}{number}{end}".ljust(LEAST, "1")
    assert weakness(candidate[:MOST])


@given(st.text(alphabet="bdfghjkmnprtvwxz", min_size=24, max_size=60).filter(lambda text: len(set(text)) > 9))
def test_random_letters_are_accepted(text):
    assert weakness(text) == ""


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_gets_an_answer(text, about):
    assert isinstance(weakness(text, about), str)


def test_a_hash_matches_its_password_only_however_it_was_composed():
    kept = hashed("vintage café crisps")
    assert matches(kept, "vintage cafe\u0301 crisps")
    assert not matches(kept, "vintage cafe crisps")
    assert "café" not in kept


def test_nobody_gets_in_where_no_password_was_ever_set():
    assert not matches("", "the hash of nobody's password")
    assert not matches("not a hash", "anything at all here")


def test_a_stranger_counts_for_the_person_and_the_address_a_known_device_for_itself():
    stranger = {count.name for count in counts("a@council.example", "10.0.0.1")}
    elsewhere = {count.name for count in counts("a@council.example", "10.0.0.2")}
    known = {count.name for count in counts("a@council.example", "10.0.0.1", "device digest")}
    assert len(stranger & elsewhere) == 1
    assert not known & stranger
    assert [count.most for count in counts("a@council.example", "10.0.0.1")] == [10, 30, 100]


def test_what_was_typed_is_never_kept_in_a_count():
    assert not [count for count in counts("my password", "10.0.0.1") if "my password" in count.name]
    assert "10.0.0.1" not in link_counts("10.0.0.1")[0].name


def test_a_session_ends_twenty_minutes_after_the_last_sign_of_life():
    seen = MORNING + timedelta(hours=1)
    assert LIMITS.last(MORNING, seen, seen + timedelta(minutes=19, seconds=59))
    assert not LIMITS.last(MORNING, seen, seen + timedelta(minutes=20))


def test_a_session_ends_after_ten_hours_whatever_happens():
    seen = MORNING + timedelta(hours=9, minutes=59)
    assert not LIMITS.last(MORNING, seen, MORNING + timedelta(hours=10))


@pytest.mark.parametrize(
    ("method", "path", "by_script", "counts_as"),
    [
        ("GET", "/audits/3", False, True),
        ("POST", "/audits/3/voice", True, True),
        ("GET", "/jobs/3.json", False, False),
        ("GET", "/session/token", True, False),
    ],
)
def test_opening_and_typing_keep_somebody_signed_in_and_polling_does_not(method, path, by_script, counts_as):
    assert is_activity(method, path, by_script) is counts_as


@pytest.mark.parametrize("address", ["/", "/audits/3", "/cases/?q=4417&place=x#top", "/people/?role=worker"])
def test_own_paths_are_followed_after_signing_in(address):
    assert own_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\\b",
        "/\t/evil.example",
        "/\n",
        "audits",
        "///evil.example",
        "/%0d%0a\r\nSet-Cookie: x",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(address):
    assert own_path(address) == "/"


@given(st.text(max_size=60))
def test_whatever_was_asked_for_stays_within_the_application(address):
    path = own_path(address)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


def test_a_browser_is_named_as_its_owner_would():
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    assert browser_in_words(edge) == "Edge on Windows"
    assert browser_in_words("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Safari/604.1") == "Safari on iPhone"
    assert browser_in_words("") == "A browser"
