"""Definitions in YAML: taken whole, or refused with every fault by file, line and key."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.library.reading import DEEPEST, LARGEST, Council, FaultyFileError, export, read
from auditapp.library.template import Definition

GOOD = """\
key: visits
title: Visits
summary: Are children visited?
kinds: [monthly]
overall: domain
domains:
  - key: visiting
    title: Visiting
    looks_like:
      outstanding: O
      good: G
      requires_improvement: R
      inadequate: I
    questions:
      - key: visited
        text: Was the child visited?
        theme: voice
      - key: why_not
        text: Why not?
        answer: text
        condition: {question: visited, any_of: [partly, no]}
"""
LINES = GOOD.splitlines()


def faults(text, council=None, file="visits.yaml"):
    with pytest.raises(FaultyFileError) as refused:
        read(text, file, council)
    return [(fault.line, fault.key, fault.why) for fault in refused.value.faults]


def only_fault(text, council=None):
    found = faults(text, council)
    assert len(found) == 1, found
    return found[0]


def test_a_sound_file_becomes_a_definition():
    assert read(GOOD, "visits.yaml").question("visited").theme == "voice"


def test_yes_and_no_are_words_and_not_true_and_false():
    assert read(GOOD, "visits.yaml").question("why_not").condition.any_of == ("partly", "no")


def test_bytes_with_a_byte_order_mark_are_read_too():
    assert read(b"\xef\xbb\xbf" + GOOD.encode(), "visits.yaml").key == "visits"


def test_what_is_exported_reads_back_as_the_same_definition():
    definition = read(GOOD, "visits.yaml")
    assert read(export(definition), "again.yaml") == definition


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=300))
def test_words_of_any_shape_survive_being_exported(words):
    definition = read(GOOD, "visits.yaml").model_copy(update={"summary": words.strip()})
    assert read(export(definition), "again.yaml").summary == words.strip()


def test_an_exported_file_tells_the_grades_best_first():
    lines = [line.strip() for line in export(read(GOOD, "visits.yaml")).splitlines()]
    assert [
        line[0] for line in lines if line in ("outstanding: O", "good: G", "requires_improvement: R", "inadequate: I")
    ] == ["o", "g", "r", "i"]


def test_a_fault_names_file_line_and_key_and_prints_as_one_line():
    with pytest.raises(FaultyFileError) as refused:
        read(GOOD.replace("kinds: [monthly]", "kinds: [weekly]"), "visits.yaml")
    assert str(refused.value.faults[0]).startswith("visits.yaml:4: kinds.1: This must be one of 'monthly', ")


def test_every_fault_is_named_at_once():
    broken = (
        GOOD.replace("title: Visiting", "titel: Visiting")
        .replace("      good: G\n", "")
        .replace("question: visited", "question: visit")
        .replace("answer: text", "answer: words")
        .replace("theme: voice", "theme: vioce")
    )
    found = faults(broken, Council(themes={"voice"}))
    assert [(line, key) for line, key, _ in found] == [
        (7, "domains.visiting.title"),
        (8, "domains.visiting.titel"),
        (9, "domains.visiting.looks_like"),
        (16, "domains.visiting.questions.visited.theme"),
        (19, "domains.visiting.questions.why_not.answer"),
        (20, "domains.visiting.questions.why_not.condition.question"),
    ]


HERE = "domains.visiting."
ASKED = f"{HERE}questions."


@pytest.mark.parametrize(
    ("was", "is_now", "line", "key", "why"),
    [
        ("key: visits\n", "", 1, "key", "This is missing."),
        ("key: visits\n", "key: Visits 1\n", 1, "key", "A key begins with a small letter"),
        ("title: Visits\n", "title: ''\n", 2, "title", "This is empty."),
        ("title: Visits\n", "title: 12\n", 2, "title", "This must be words."),
        ("title: Visits\n", f"title: {'x' * 301}\n", 2, "title", "This is longer than 300 characters."),
        ("kinds: [monthly]", "kinds: []", 4, "kinds", "At least one must stand here."),
        ("kinds: [monthly]", "kinds: monthly", 4, "kinds", "This must be a list."),
        ("overall: domain", "overall: sometimes", 5, "overall", "This must be one of"),
        ("overall: domain", "overal: none", 5, "overal", "There is no setting “overal” here. Known are: key, title"),
        ("      good: G\n", "", 9, "domains.visiting.looks_like", "Say what this looks like here: “good” is missing."),
        ("      good: G\n", "      good: G\n      fair: F\n", 12, f"{HERE}looks_like.fair", "“fair” is not a mark"),
        ("        theme: voice\n", "        options: [a]\n", 17, f"{ASKED}visited.options.1", "This must be a group"),
        ("        theme: voice\n", "        unit: days\n", 17, f"{ASKED}visited.unit", "This belongs only to"),
        ("answer: text", "answer: choice", 18, f"{ASKED}why_not.options", "A choice needs at least two"),
        ("answer: text", "answer: scale", 18, f"{ASKED}why_not.scale", "Say which scale"),
        ("key: why_not", "key: visited", 18, f"{ASKED}visited.key", "is used by an earlier question"),
        ("[partly, no]", "[partly, perhaps]", 21, f"{ASKED}why_not.condition.any_of.2", "“perhaps” is not an answer"),
        ("    title: Visiting\n", "    title: Visits\n    judged: perhaps\n", 9, f"{HERE}judged", "true or false"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_its_key_and_a_sentence(was, is_now, line, key, why):
    assert was in GOOD
    found = faults(GOOD.replace(was, is_now, 1))
    assert any(fault[:2] == (line, key) and why in fault[2] for fault in found), found


def test_a_condition_on_words_is_refused_because_words_cannot_be_chosen_from():
    more = GOOD + "      - {key: more, text: More?, condition: {question: why_not, any_of: [x]}}\n"
    assert "no answers to choose from" in only_fault(more)[2]


def test_a_condition_on_a_later_question_is_refused():
    early = GOOD.replace("        theme: voice\n", "        condition: {question: later, any_of: ['yes']}\n")
    found = faults(early + "      - {key: later, text: Later?}\n")
    assert found[0][:2] == (17, "domains.visiting.questions.visited.condition.question")


def test_one_judged_domain_is_needed_where_it_stands_for_the_whole():
    found = only_fault(GOOD.replace("    title: Visiting\n", "    title: Visiting\n    judged: false\n").replace(
        "\n".join(LINES[8:13]) + "\n", ""))  # fmt: skip
    assert found[1:] == ("overall", "“domain” is for a template with exactly one judged domain; this one has 0.")


def test_a_setting_that_stands_twice_is_told_with_the_line_of_the_second():
    assert only_fault(GOOD.replace("summary:", "title: Again\nsummary:"))[:2] == (3, "title")


def test_a_key_whose_answer_kind_changed_is_refused_with_both_kinds():
    line, key, why = only_fault(GOOD, Council(measures={"visited": "number:weeks"}))
    assert (line, key) == (15, "domains.visiting.questions.visited.answer")
    assert "“number:weeks”, here it is “yes_partly_no”" in why


def test_the_same_key_with_the_same_kind_is_welcome():
    assert read(GOOD, "visits.yaml", Council(measures={"visited": "yes_partly_no"}))


HELD = {"visiting": read(GOOD, "visits.yaml").domains[0]}
BORROWING = """\
key: more
title: More
summary: More
kinds: [thematic]
domains:
  - from: visiting
    title: Seeing children
"""


def test_a_domain_taken_in_by_from_keeps_its_keys_and_may_have_its_own_title():
    domain = read(BORROWING, "more.yaml", Council(domains=HELD)).domain("visiting")
    assert domain.title == "Seeing children"
    assert domain.questions == HELD["visiting"].questions


def test_a_domain_that_nobody_has_cannot_be_taken_in():
    line, key, why = only_fault(BORROWING.replace("from: visiting", "from: visits"), Council(domains=HELD))
    assert (line, key, why) == (6, "domains.1.from", "There is no domain “visits” in the council’s templates.")


def test_the_questions_of_a_borrowed_domain_are_not_changed_in_passing():
    found = only_fault(BORROWING + "    questions: []\n", Council(domains=HELD))
    assert found[:2] == (8, "domains.visiting.questions")


HOSTILE = {
    "an alias bomb": ("a: &a [x]\nb: [*a, *a]\n", 1, "Anchors"),
    "an alias": ("a: *nobody\n", 1, "Anchors"),
    "a tag": ("a: !!python/object/apply:os.system [ls]\n", 1, "Tags"),
    "deep nesting": ("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), 1, "nests deeper"),
    "very deep nesting": ("a: " + "[" * 100_000, 1, "nests deeper"),
    "many values": ("a: [" + "x," * 20_000 + "]", 1, "more than 10,000 values"),
    "a large file": ("a: " + "x" * LARGEST, 1, "larger than 256 KB"),
    "a second document": ("a: b\n---\nc: d\n", 2, "one definition"),
    "no settings": ("- a\n- b\n", 1, "A definition is a list of settings"),
    "nothing": ("", 1, "A definition is a list of settings"),
    "broken quotes": ("a: b\nc: 'd\n", 3, "This is not YAML"),
    "a control character": ("a: \x00\n", 1, "This is not YAML"),
    "not UTF-8": (b"a: b\nc: \xff\n", 2, "UTF-8"),
    "a number too long to print": ("key: " + "9" * 5000 + "\n", 1, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence(name):
    content, line, why = HOSTILE[name]
    found = faults(content)
    assert found[0][0] == line
    assert why in found[0][2]


def outcome(text, council=None):
    """The definition, or the faults with a line and a sentence each; anything else that is raised fails the test."""
    try:
        return isinstance(read(text, "any.yaml", council), Definition)
    except FaultyFileError as refused:
        return refused.faults and all(fault.why and fault.line >= 1 for fault in refused.faults)


@given(st.text(max_size=200))
def test_no_text_at_all_leads_to_anything_but_a_definition_or_faults(text):
    assert outcome(text)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "visits", "yes", "domain", "x" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "key", "title", "text", "answer", "options", "condition", "question", "any_of", "looks_like", "questions",
        "domains", "scale", "judged", "from", "minimum", "maximum", "theme"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(["key", "kinds", "domains", "overall", "scale", "stages"]), ODD)
def test_a_setting_of_any_shape_is_told_and_never_a_crash(setting, value):
    text = "\n".join(line for line in LINES if not line.startswith(f"{setting}:"))
    if setting == "domains":
        text = "\n".join(LINES[:5])
    assert outcome(f"{text}\n{setting}: {json.dumps(value)}\n", Council(themes={"voice"}, domains=HELD))


@pytest.mark.parametrize("hidden", ["\\0", "\\x0b", "\\e", "\\x85"])
def test_a_hidden_control_character_is_refused_with_its_line(hidden):
    with pytest.raises(FaultyFileError) as refused:
        read(f'key: x\ntitle: "a{hidden}b"\n', "x.yaml")
    assert [(one.line, "control character" in one.why) for one in refused.value.faults] == [(2, True)]
