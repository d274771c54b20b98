"""What an audit still needs, held against the shipped templates and one small invented one."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.audits.completeness import (
    CONVERSATION,
    OVERALL,
    State,
    conversation_gaps,
    domain_gaps,
    gaps,
    good_enough,
    steps,
    submitted_part,
)
from auditapp.audits.recorded import NOT_HELD, Conversation, Drafted, Found, Judged, Recorded
from auditapp.library.template import Definition

HELD = Conversation(on=date(2026, 11, 20), took_part=("worker",))
LOOKS = {"outstanding": "o", "good": "g", "requires_improvement": "r", "inadequate": "i"}


def domain(key: str, **more: object) -> dict[str, object]:
    return {"key": key, "title": key.capitalize(), "looks_like": LOOKS, **more}


def definition(overall: str = "required", **more: object) -> Definition:
    """Direction asks two questions; permanence is asked of children in care only."""
    return Definition.model_validate(
        {
            "key": "small",
            "title": "Small",
            "summary": "Small.",
            "kinds": ["monthly"],
            "overall": overall,
            "domains": [
                domain(
                    "direction",
                    questions=[
                        {"key": "status", "text": "In care?", "answer": "yes_partly_no", "comment": "never"},
                        {"key": "owners", "text": "Who and when?"},
                        {
                            "key": "worse",
                            "text": "How did it get worse?",
                            "answer": "text",
                            "condition": {"question": "owners", "any_of": ["no"]},
                        },
                        {"key": "aside", "text": "Anything else?", "answer": "text", "required": False},
                    ],
                ),
                domain("permanence", condition={"question": "status", "any_of": ["yes"]}),
            ],
            **more,
        }
    )


def single() -> Definition:
    return Definition.model_validate(
        {
            "key": "one",
            "title": "One",
            "summary": "One.",
            "kinds": ["monthly", "dip_sample"],
            "overall": "domain",
            "domains": [domain("direction", questions=[{"key": "owners", "text": "Who and when?"}])],
        }
    )


FULL = Recorded(
    answers={"status": "no", "owners": "yes"},
    judged={"direction": Judged("good", "Supervision of 3 March."), "": Judged("good", "The whole picture.")},
    conversation=HELD,
    so_what="She is safer.",
    saved=frozenset({"direction"}),
)


def sentences(recorded: Recorded, of: Definition | None = None) -> list[str]:
    return [gap.sentence for gap in gaps(of or definition(), recorded)]


def test_an_audit_with_everything_has_no_gaps():
    assert sentences(FULL) == []


def test_an_empty_audit_misses_every_required_thing_in_the_order_of_the_task_list():
    found = gaps(definition(), Recorded())
    assert [(gap.section, gap.field) for gap in found] == [
        ("direction", "q_status"),
        ("direction", "q_owners"),
        ("direction", "mark"),
        ("direction", "evidence"),
        (CONVERSATION, "held"),
        (OVERALL, "mark"),
        (OVERALL, "so_what"),
    ]


def test_a_hidden_question_needs_nothing_and_its_old_answer_is_not_submitted():
    recorded = replace(FULL, answers={**FULL.answers, "worse": "It drifted."})
    assert sentences(recorded) == []
    assert "worse" not in submitted_part(definition(), recorded)[0]


def test_a_question_that_its_condition_calls_for_is_needed():
    recorded = replace(FULL, answers={"status": "no", "owners": "no"}, comments={"owners": "No names."})
    assert sentences(recorded) == ["Direction: answer “How did it get worse?”"]


@pytest.mark.parametrize(
    ("answer", "wanted"), [("yes", False), ("partly", True), ("no", True), ("not_applicable", False)]
)
def test_a_comment_is_wanted_on_partly_and_no_only(answer, wanted):
    recorded = replace(FULL, answers={"status": "no", "owners": answer, "worse": "It drifted."})
    assert (sentences(recorded) == ["Direction: say what you saw, for “Who and when?”"]) is wanted


def test_a_domain_below_good_must_say_what_it_meant_for_the_child():
    for mark, wanted in (("outstanding", 0), ("good", 0), ("requires_improvement", 1), ("inadequate", 1)):
        recorded = replace(FULL, judged={**FULL.judged, "direction": Judged(mark, "Seen.")})
        assert sentences(recorded) == ["Direction: say what this has meant for the child."] * wanted


def test_a_judgement_needs_its_evidence():
    recorded = replace(FULL, judged={**FULL.judged, "direction": Judged("good")})
    assert sentences(recorded) == ["Direction: give the evidence for your judgement."]


def test_the_effect_on_the_child_is_said_once_for_the_whole_audit():
    assert sentences(replace(FULL, so_what="")) == ["Say what this work has meant for the child."]


def test_a_template_without_an_overall_grade_asks_for_none():
    recorded = replace(FULL, judged={"direction": Judged("good", "Seen.")})
    assert sentences(recorded, definition("none")) == []
    assert sentences(recorded, definition("optional")) == []
    assert sentences(recorded, definition("required")) == ["Choose the overall judgement."]


def test_where_one_domain_stands_for_the_whole_its_effect_is_asked_there_and_nothing_is_asked_twice():
    recorded = Recorded({"owners": "yes"}, {}, {"direction": Judged("good", "Seen.")}, conversation=HELD)
    assert sentences(recorded, single()) == ["Direction: say what this has meant for the child."]
    assert [step.section for step in steps(single(), recorded)] == ["direction", CONVERSATION]


def test_a_dip_sample_needs_neither_conversation_nor_judgement():
    recorded = Recorded({"owners": "yes"}, dip_sample=True)
    assert sentences(recorded, single()) == []
    assert [step.section for step in steps(single(), recorded)] == ["direction"]


def test_a_dip_sample_that_judges_gives_its_evidence():
    recorded = Recorded({"owners": "yes"}, {}, {"direction": Judged("inadequate")}, dip_sample=True)
    assert [gap.field for gap in gaps(single(), recorded)] == ["evidence", "effect"]


@pytest.mark.parametrize(
    ("conversation", "field"),
    [
        (Conversation(), "held"),
        (Conversation(on=date(2026, 11, 20)), "took_part"),
        (Conversation(took_part=("worker",)), "held"),
        (Conversation(not_held="other"), "not_held_why"),
    ],
)
def test_a_conversation_needs_its_day_and_people_or_a_reason(conversation, field):
    assert [gap.field for gap in conversation_gaps(conversation)] == [field]


@pytest.mark.parametrize("reason", [reason for reason in NOT_HELD if reason != "other"])
def test_a_coded_reason_is_enough_for_a_desktop_audit(reason):
    assert conversation_gaps(Conversation(not_held=reason)) == ()


def test_a_half_written_finding_or_action_is_named_by_its_number():
    recorded = replace(
        FULL,
        findings={"direction": (Found("strength", "voice", "Her words."), Found("learning", words="No owner."))},
        actions={"direction": (Drafted("Update the plan"),)},
    )
    assert [gap.field for gap in gaps(definition(), recorded)] == ["learning-0-theme", "action-0-owner", "action-0-due"]


def test_a_domain_waits_for_the_question_that_decides_whether_it_is_asked():
    waiting = {step.section: step for step in steps(definition(), Recorded())}
    assert waiting["permanence"].state is State.CANNOT_START
    assert waiting["permanence"].waits_for == "In care?"
    assert "permanence" not in {step.section for step in steps(definition(), FULL)}


def test_a_domain_in_play_is_needed_like_any_other():
    recorded = replace(FULL, answers={**FULL.answers, "status": "yes"})
    assert {gap.section for gap in gaps(definition(), recorded)} == {"permanence"}


def test_states_follow_from_what_was_saved():
    started = replace(FULL, judged={}, so_what="", conversation=Conversation(on=date(2026, 11, 20)))
    assert [step.state for step in steps(definition(), Recorded())] == [
        State.NOT_STARTED,
        State.CANNOT_START,
        State.NOT_STARTED,
        State.NOT_STARTED,
    ]
    assert [step.state for step in steps(definition(), started)] == [
        State.IN_PROGRESS,
        State.IN_PROGRESS,
        State.NOT_STARTED,
    ]
    assert {step.state for step in steps(definition(), FULL)} == {State.COMPLETED}


def test_on_other_scales_only_the_best_mark_needs_no_effect():
    rag = definition(
        scale="rag", domains=[{**domain("direction"), "looks_like": {"green": "g", "amber": "a", "red": "r"}}]
    )
    assert good_enough(rag, "green")
    assert not good_enough(rag, "amber")


@given(
    st.dictionaries(st.sampled_from(["status", "owners", "worse", "aside"]), st.sampled_from(["yes", "no", "partly"]))
)
def test_the_task_list_is_complete_exactly_when_nothing_is_missing(answers):
    recorded = replace(FULL, answers=answers, saved=frozenset({"direction", "permanence"}))
    complete = all(step.state is State.COMPLETED for step in steps(definition(), recorded) if not step.waits_for)
    assert complete is not bool(gaps(definition(), recorded))


@given(st.sampled_from(["status", "owners"]), st.sampled_from(["yes", "no", "not_applicable"]))
def test_every_gap_of_a_domain_names_a_domain_that_is_asked(key, value):
    recorded = Recorded({key: value})
    asked = {one.key for one in definition().in_play(recorded.answers)}
    for one in definition().domains:
        assert all(gap.section in asked for gap in domain_gaps(definition(), one, recorded) if one.key in asked)
