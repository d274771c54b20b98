"""The library's pages, as those who read and those who keep templates see them."""

from io import BytesIO

import pytest

from auditapp.db import db, now
from auditapp.library import operations, queries
from auditapp.people.roles import Role
from tests.rooms.library.test_templates import EXAMPLE


@pytest.fixture
def keeper(made, browser):
    return browser.as_(made.person(Role.QA_LEAD))


@pytest.fixture
def reader(made, browser):
    return browser.as_(made.person(Role.TEAM_MANAGER))


@pytest.fixture
def draft(app):
    version = operations.add(EXAMPLE, "visits.yaml", by=None, at=now())
    db.session.commit()
    return version


def upload(text, name="visits.yaml"):
    return BytesIO(text.encode() if isinstance(text, str) else text), name


def test_staff_read_the_list_and_every_page_of_a_template(reader):
    assert "Voice of the child" in reader.get("/library/").words
    assert "52 questions" in reader.get("/library/templates/whole_case").words
    page = reader.get("/library/templates/whole_case/1")
    assert "Asked when “Where is this child in our services today?” is answered “In our care”." in page.words
    assert "A stranger sees why, who, when and what changed." in page.words
    assert "Theme: Direction and follow-through" in page.words


@pytest.mark.parametrize("address", ["/library/themes", "/library/scales"])
def test_staff_read_themes_and_scales(reader, address):
    assert reader.get(address).status == 200


@pytest.mark.parametrize("address", ["/library/add", "/library/themes/add", "/library/themes/voice/end",
                                     "/library/templates/chronology/use"])  # fmt: skip
def test_pages_that_change_the_library_are_absent_for_readers(reader, address):
    assert reader.get(address).status == 404


def test_a_template_that_is_not_there_is_absent(keeper):
    assert keeper.get("/library/templates/nothing").status == 404
    assert keeper.get("/library/templates/chronology/9").status == 404


def test_a_version_can_be_downloaded_as_a_definition_file(reader):
    answer = reader.get("/library/templates/chronology/1.yaml")
    assert "key: chronology" in answer.text
    assert "chronology-1.yaml" in answer.response.headers["Content-Disposition"]


def test_a_keeper_adds_a_file_reads_the_draft_and_publishes_it(keeper):
    added = keeper.submit("/library/add", "Check the file and add it", file=upload(EXAMPLE), note="First try")
    assert added.location.endswith("/library/templates/home_visits/1")
    assert "A draft, added" in keeper.follow(added).words
    published = keeper.submit("/library/templates/home_visits/1/publish", "Publish for good", sure="y")
    assert "Version 1 is published" in keeper.follow(published).words
    assert queries.in_use("home_visits").published_by is not None


def test_publishing_without_having_read_it_is_refused(keeper, draft):
    answer = keeper.submit("/library/templates/home_visits/1/publish", "Publish for good")
    assert (answer.status, answer.errors) == (422, ["Tick the box to say that you have read it through"])


def test_a_faulty_file_is_answered_with_every_fault_and_stores_nothing(keeper):
    text = EXAMPLE.replace("theme: plans", "theme: planes").replace("overall: domain", "overall: perhaps")
    answer = keeper.submit("/library/add", "Check the file and add it", file=upload(text))
    assert (answer.status, answer.errors) == (422, ["The file cannot be taken: 2 faults are named below"])
    assert "domains.home_visits.questions.visits_purposeful.theme" in answer.words
    assert "There is no theme “planes” in the council’s list." in answer.words
    assert queries.by_key("home_visits") is None


def test_no_file_is_answered_with_what_to_do(keeper):
    assert keeper.submit("/library/add", "Check the file and add it").errors == ["Choose a definition file"]


@pytest.mark.parametrize("content", [b"\x00\x01", b"\xff\xfe", b"a: &a [x]\nb: *a", b"<html>", b"PK\x03\x04"])
def test_a_file_that_is_something_else_is_answered_with_a_sentence(keeper, content):
    answer = keeper.submit("/library/add", "Check the file and add it", file=upload(content))
    assert answer.status == 422


def test_a_draft_is_absent_for_readers(reader, draft):
    assert reader.get("/library/templates/home_visits").status == 404
    assert reader.get("/library/templates/home_visits/1").status == 404
    assert reader.get("/library/templates/home_visits/1.yaml").status == 404
    assert "Home visits" not in reader.get("/library/").words


def test_a_published_version_cannot_be_published_or_thrown_away_again(keeper):
    assert keeper.get("/library/templates/chronology/1/publish").status == 404
    assert keeper.post("/library/templates/chronology/1/discard").status == 404


def test_a_draft_can_be_thrown_away(keeper, draft):
    keeper.submit("/library/templates/home_visits/1", "Throw the draft away")
    assert queries.by_key("home_visits") is None


def test_publishing_says_what_changes_against_the_version_before(keeper, draft):
    operations.publish(draft, by=None, at=now())
    operations.add(EXAMPLE.replace("What got in the way?", "What hindered us?"), "visits.yaml", by=None, at=now())
    db.session.commit()
    page = keeper.get("/library/templates/home_visits/2/publish")
    assert "Changed: question “What hindered us?” (wording)" in page.words


def test_a_template_is_taken_out_of_use_and_brought_back_after_asking(keeper):
    keeper.submit("/library/templates/chronology/use", "Take it out of use")
    assert queries.in_use("chronology") is None
    assert "Out of use" in keeper.get("/library/").words
    keeper.submit("/library/templates/chronology/use", "Bring it back")
    assert queries.in_use("chronology").number == 1


def test_a_theme_is_added_and_ended(keeper):
    keeper.submit("/library/themes/add", "Add theme", name="Home education", meaning="Taught at home")
    assert "Home education" in keeper.get("/library/themes").words
    keeper.follow(keeper.submit("/library/themes/home_education/end", "Stop using this theme"))
    assert "Home education" not in keeper.get("/library/themes").words


def test_a_theme_that_comes_back_gets_a_key_of_its_own(keeper):
    for _ in range(2):
        keeper.submit("/library/themes/add", "Add theme", name="Home education", meaning="Taught at home")
        ended = keeper.get("/library/themes/home_education/end")
        if ended.status == 200:
            keeper.submit("/library/themes/home_education/end", "Stop using this theme")
    assert {"home_education", "home_education_2"} <= set(queries.theme_names())
    assert keeper.get("/library/themes/home_education_2/end").status == 200


def test_a_theme_is_not_added_twice_under_one_name(keeper):
    answer = keeper.submit("/library/themes/add", "Add theme", name="direction and follow-through", meaning="Again")
    assert (answer.status, answer.errors) == (422, ["“direction and follow-through” is in the list already."])


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/library/scales", "nought_to_ten"),
        ("/library/themes", "cumulative_harm"),
        ("/library/templates/whole_case", "whole_case"),
        ("/library/templates/whole_case/1", "child_status"),
    ],
)
def test_keys_are_shown_to_those_who_write_definition_files_and_to_nobody_else(made, browser, address, key):
    assert key in browser.as_(made.person(Role.QA_LEAD)).get(address).words
    assert key not in browser.as_(made.person(Role.TEAM_MANAGER)).get(address).words


def test_a_theme_in_use_is_not_ended(keeper):
    answer = keeper.submit("/library/themes/voice/end", "Stop using this theme")
    assert answer.status == 422
    assert "Templates in use speak to" in answer.words


def test_labels_of_a_template_are_text_and_never_markup(keeper):
    hostile = EXAMPLE.replace("What got in the way?", "<script>alert(1)</script>")
    keeper.submit("/library/add", "Check the file and add it", file=upload(hostile))
    page = keeper.get("/library/templates/home_visits/1")
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in page.words
