"""Forms: cleaned in one place, refused in words, shown with everything a reader needs; what was typed is kept."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest

from auditapp.web import fields
from auditapp.web.forms import (
    LONGEST,
    Choose,
    ChooseFromList,
    ChooseSeveral,
    Day,
    Form,
    LongText,
    Number,
    Password,
    Text,
    Tick,
    Upload,
    Whole,
    choices,
    clean,
    unkeepable,
)

ANSWERS = choices([("yes", "Yes"), ("no", "No")])


class Everything(Form):
    """One field of each kind."""

    name = Text("Name", needed="Enter a name", hint="As known", longest=40)
    why = LongText("Why?", longest=100)
    many = Whole("How many?", needed="Enter how many", least=1, most=90)
    hours = Number("How long?")
    seen = Day("When was the child last seen?", called="The day", needed="Enter the day")
    kept = Choose("Was it kept?", choices=ANSWERS, needed="Say whether it was kept")
    who = ChooseSeveral("Who took part?", choices=ANSWERS)
    team = ChooseFromList("Team", choices=choices([("1", "North 1")], "All teams"))
    read = Tick("I have read this", needed="Tick to say that you have read this")
    book = Upload("Workbook", needed="Choose a file")
    password = Password("Password", needed="Enter your password")


GOOD = {
    "name": "Ann",
    "why": "So",
    "many": "3",
    "hours": "2.5",
    "seen-day": "1",
    "seen-month": "3",
    "seen-year": "2026",
    "kept": "yes",
    "who": ["yes", "no"],
    "team": "1",
    "read": "y",
    "password": "  a long pass phrase  ",
}


@pytest.fixture
def small():
    app = Flask("small")
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.test_request_context("/", method="POST"):
        yield app


def sent(**changed):
    data = MultiDict()
    for name, value in {**GOOD, **{key.replace("__", "-"): value for key, value in changed.items()}}.items():
        for one in value if isinstance(value, list) else [value]:
            data.add(name, one)
    data.add("book", FileStorage(BytesIO(b"x"), "a.xlsx"))
    return Everything(formdata=data)


def shown(field, **params):
    return parser.fromstring(str(fields.show(field, **params)))


def test_a_good_form_is_read_into_values(small):
    form = sent()
    assert form.validate(), form.errors
    assert (form.many.data, form.seen.data, form.kept.data, form.who.data) == (
        3,
        date(2026, 3, 1),
        "yes",
        ["yes", "no"],
    )
    assert form.book.data.filename == "a.xlsx"


def test_a_password_is_kept_exactly_as_typed(small):
    assert sent().password.data == "  a long pass phrase  "


def test_text_is_kept_composed_with_plain_line_ends_and_no_blanks_around(small):
    form = sent(why="  cafe\u0301\r\nnext\rlast \n")
    assert form.why.data == "café\nnext\nlast"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter a name"),
        (
            "name",
            "a\x0bb",
            "Name: character 2 is a hidden control character (U+000B) that cannot be kept. Delete it and try again",
        ),
        (
            "name",
            "x\x00",
            "Name: character 2 is a hidden control character (U+0000) that cannot be kept. Delete it and try again",
        ),
        ("name", "x" * 41, "Name must be 40 characters or fewer; it is 1 too long"),
        ("why", "x" * 101, "Why must be 100 characters or fewer; it is 1 too long"),
        ("many", "", "Enter how many"),
        ("many", "three", "How many must be a whole number, like 3"),
        ("many", "²", "How many must be a whole number, like 3"),
        ("many", "9" * 6000, "How many must be a whole number, like 3"),
        ("many", "91", "How many must be from 1 to 90"),
        ("hours", "NaN", "How long must be a number, like 2.5"),
        ("hours", "1e999", "How long must be a number, like 2.5"),
        ("hours", "x", "How long must be a number, like 2.5"),
        ("seen__day", "", "The day must include a day"),
        ("seen__day", "32", "The day must be a real date"),
        ("kept", "perhaps", "Was it kept: choose one of the answers shown"),
        ("kept", "", "Say whether it was kept"),
        ("who", ["yes", "nobody"], "Who took part: choose from the answers shown"),
        ("team", "77", "Team: choose one from the list"),
        ("read", [], "Tick to say that you have read this"),
        ("password", "", "Enter your password"),
    ],
)
def test_what_is_wrong_is_said_in_words(small, field, value, message):
    form = sent(**{field: value})
    assert not form.validate()
    assert [fields.first_error(wrong) for wrong in form if wrong.errors] == [message]


def test_an_empty_upload_is_asked_for(small):
    form = Everything(formdata=MultiDict(GOOD))
    form.validate()
    assert form.book.errors == ["Choose a file"]


def test_text_may_be_ten_thousand_characters_unless_the_field_says_less(small):
    class Plain(Form):
        text = LongText("Text")

    assert Plain(formdata=MultiDict({"text": "x" * LONGEST})).validate()
    assert not Plain(formdata=MultiDict({"text": "x" * (LONGEST + 1)})).validate()


@pytest.mark.parametrize("name", ["name", "why", "many", "hours"])
def test_what_was_typed_stands_in_its_box_again(small, name):
    form = sent(**{name: "<x> & y"})
    form.validate()
    control = shown(form[name]).get_element_by_id(name)
    assert (control.value if control.tag == "textarea" else control.get("value")) == "<x> & y"


def test_the_boxes_of_a_wrong_day_keep_what_was_typed_and_show_which_is_wrong(small):
    form = sent(seen__month="Brumaire")
    form.validate()
    tree = shown(form.seen)
    assert tree.get_element_by_id("seen-month").get("value") == "Brumaire"
    assert "govuk-input--error" in tree.get_element_by_id("seen-month").get("class")
    assert "govuk-input--error" not in tree.get_element_by_id("seen-day").get("class")


def test_a_known_day_stands_in_the_boxes(small):
    form = Everything(formdata=None, seen=date(2026, 3, 1))
    tree = shown(form.seen)
    assert [tree.get_element_by_id(f"seen-{part}").get("value") for part in Day.PARTS] == ["1", "3", "2026"]


@pytest.mark.parametrize(
    "name", ["name", "why", "many", "hours", "seen", "kept", "who", "team", "read", "book", "password"]
)
def test_every_error_is_said_beside_its_field_in_the_words_of_the_summary_whose_link_reaches_a_control(small, name):
    form = Everything(formdata=MultiDict())
    form.validate()
    form.refuse(form[name], "Say more")
    words = fields.first_error(form[name])
    summary = parser.fromstring(str(fields.error_summary(form)))
    link = next(link for link in summary.iter("a") if link.get("href") == f"#{fields.target(form[name])}")
    tree = shown(form[name])
    beside = tree.xpath("//p[contains(@class, 'govuk-error-message')]")[0].text_content().split(":", 1)[1]
    assert " ".join(link.text_content().split()) == " ".join(beside.split()) == words
    assert tree.get_element_by_id(fields.target(form[name])).tag in {"input", "select", "textarea"}


@pytest.mark.parametrize("name", ["kept", "who", "read", "seen"])
def test_every_group_has_its_legend(small, name):
    form = sent()
    assert shown(form[name]).find(".//legend").text_content().strip() == form[name].label.text


def test_a_legend_can_be_the_pages_heading(small):
    assert shown(sent().kept, heading=True, size="l").find(".//h1").text_content().strip() == "Was it kept?"


def test_hints_and_errors_describe_the_control(small):
    form = sent(name="")
    form.validate()
    assert shown(form.name).get_element_by_id("name").get("aria-describedby") == "name-hint name-error"


def test_a_choice_can_have_a_hint(small):
    tree = shown(sent().kept, hints={"yes": "As the <plan> says"})
    assert tree.get_element_by_id("kept-item-hint").text_content().strip() == "As the <plan> says"
    assert tree.get_element_by_id("kept").checked


def test_nothing_is_chosen_beforehand(small):
    form = Everything(formdata=None)
    assert not parser.fromstring(str(fields.show(form.kept))).xpath("//input[@checked]")


def test_labels_and_values_are_text_never_markup(small):
    class Sharp(Form):
        text = Text("<b>Bold</b>", hint="<i>")
        one = Choose("<u>", choices=choices([("<x>", "<script>")]))

    form = Sharp(formdata=MultiDict({"text": '"><script>'}))
    markup = str(fields.show(form.text)) + str(fields.show(form.one))
    assert not parser.fromstring(f"<div>{markup}</div>").xpath("//b|//i|//u|//script")


def test_the_hidden_fields_carry_version_and_key(small):
    tree = parser.fromstring(f"<div>{fields.hidden(Everything(formdata=None, version=7))}</div>")
    values = {field.get("name"): field.get("value") for field in tree.iter("input")}
    assert values["version"] == "7"
    assert len(values["idempotency_key"]) == 32


def test_each_rendering_has_its_own_key_and_a_sent_form_keeps_the_one_it_came_with(small):
    assert Everything(formdata=None).idempotency_key.data != Everything(formdata=None).idempotency_key.data
    assert sent(idempotency_key="abc123").idempotency_key.data == "abc123"


@pytest.mark.parametrize(("name", "value"), [("version", "x"), ("version", "1" * 12), ("idempotency_key", "x" * 65)])
def test_a_tampered_hidden_field_is_a_bad_request(small, name, value):
    with pytest.raises(BadRequest):
        sent(**{name: value})


def test_a_refusal_by_an_operation_makes_the_form_refused(small):
    form = sent()
    assert form.validate()
    assert not form.refused
    form.refuse(form.name, "Somebody has this name")
    assert form.refused


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_what_can_be_kept_can_be_written_to_every_place(text):
    cleaned = clean(text)
    if not unkeepable(cleaned):
        assert "\x00" not in cleaned
        assert cleaned.encode("utf-8").decode("utf-8") == cleaned
