"""Audits against a template that a council wrote itself: every kind of answer, conditions, a dip sample, scales."""

import pytest

from auditapp.audits import operations, queries
from auditapp.audits.recorded import DomainPage, Judged
from auditapp.db import db, now
from auditapp.library import operations as library
from auditapp.library.kinds import AuditKind
from auditapp.people.roles import Role

DIP = """
key: quick_look
title: Quick look
summary: One thing, ten minutes.
kinds: [dip_sample]
scale: SCALE
overall: none
domains:
  - key: look
    title: The look
    LOOKS
    questions:
      - {key: was_seen, text: Was the child seen?}
      - key: seen_by
        text: By whom?
        answer: several
        options: [{key: worker, label: The worker}, {key: school, label: School}]
        condition: {question: was_seen, any_of: ["yes"]}
      - key: seen_day
        text: On which day?
        answer: date
        not_future: true
        condition: {question: was_seen, any_of: ["yes"]}
      - {key: how_safe, text: How safe?, answer: scale, scale: nought_to_ten}
      - {key: how_many, text: How many visits?, answer: number, unit: visits, minimum: 0, maximum: 50, required: false}
      - {key: in_words, text: Anything else?, answer: text, required: false}
  - key: after
    title: What came after
    judged: false
    condition: {question: was_seen, any_of: ["no"]}
    questions:
      - {key: why_not, text: Why not?, answer: text}
"""
JUDGED = {
    "ofsted": "looks_like: {outstanding: a, good: b, requires_improvement: c, inadequate: d}",
    "met": "looks_like: {met: a, not_met: b}",
    "written": "guidance: In words.",
}


@pytest.fixture
def dip(made, browser):
    """Give a function that opens a dip sample on a scale and signs its auditor in."""

    def make(scale="ofsted"):
        version = library.add(
            DIP.replace("SCALE", scale).replace("LOOKS", JUDGED[scale]), "dip.yaml", by=None, at=now()
        )
        library.publish(version, by=None, at=now())
        db.session.commit()
        auditor = made.person(Role.AUDITOR)
        audit = made.audit(template="quick_look", kind=AuditKind.DIP_SAMPLE, auditor=auditor)
        return audit, browser.as_(auditor), f"/audits/{audit.id}"

    return make


def recorded(audit_id):
    found = queries.recorded_in(db.session.get(queries.Audit, audit_id).versions[0])
    db.session.remove()
    return found


def test_a_dip_sample_is_submitted_without_conversation_judgement_or_overall_page(dip):
    audit, auditor, url = dip()
    audit_id = audit.id
    tasks = auditor.get(f"{url}/tasks").words
    assert "The conversation" not in tasks
    assert "Depends on “Was the child seen?”" in tasks
    day = {"q_seen_day__day": "3", "q_seen_day__month": "3", "q_seen_day__year": "2026"}
    answers = {"q_was_seen": "yes", "q_how_safe": "7", "q_how_many": "0", "q_seen_by": ["worker", "school"], **day}
    assert auditor.submit(f"{url}/domains/look", "Save and go back", **answers).status == 303
    assert recorded(audit_id).answers == {
        "was_seen": "yes",
        "seen_by": ("worker", "school"),
        "seen_day": "2026-03-03",
        "how_safe": "7",
        "how_many": "0",
    }
    assert "What came after" not in auditor.get(f"{url}/tasks").words
    page = auditor.follow(auditor.submit(f"{url}/check", "Submit audit"))
    assert "The worker, School" in page.words
    assert "0 visits" in page.words
    assert "3 March 2026" in page.words


def test_a_conditional_question_says_when_it_is_asked_and_a_conditional_part_appears(dip):
    _, auditor, url = dip()
    assert "Asked when “Was the child seen?” is answered “Yes”." in auditor.get(f"{url}/domains/look").words
    answer = auditor.submit(f"{url}/domains/look", "Save and continue", q_was_seen="no", q_how_safe="2")
    assert answer.location.endswith("/domains/after")
    assert "Why not?" in auditor.get(f"{url}/domains/after").words


def test_a_day_or_number_out_of_range_is_refused_in_words_and_kept_as_typed(dip):
    _, auditor, url = dip()
    parts = {"q_seen_day__day": "31", "q_seen_day__month": "2", "q_seen_day__year": "2026"}
    page = auditor.submit(f"{url}/domains/look", "Save and continue", q_was_seen="yes", q_how_many="51", **parts)
    assert page.status == 422
    assert page.errors == [
        "“On which day?”: the day must be a real date",
        "“How many visits?”: the number must be 50 or less",
    ]
    assert page.tree.cssselect("#q_seen_day-day")[0].get("value") == "31"


def test_what_was_answered_before_a_condition_fell_away_is_not_submitted(dip):
    audit, auditor, url = dip()
    audit_id = audit.id
    auditor.submit(f"{url}/domains/look", "Save and go back", q_was_seen="no", q_how_safe="2", c_was_seen="No visit.")
    auditor.submit(f"{url}/domains/after", "Save and go back", q_why_not="Moved.")
    auditor.submit(f"{url}/domains/look", "Save and go back", q_was_seen="not_applicable")
    assert recorded(audit_id).answers["why_not"] == "Moved."
    auditor.submit(f"{url}/check", "Submit audit")
    assert "why_not" not in recorded(audit_id).answers


@pytest.mark.parametrize("scale", ["met", "written"])
def test_other_scales_are_judged_like_the_four_grades(dip, scale):
    audit, auditor, url = dip(scale)
    page = auditor.get(f"{url}/domains/look")
    assert len(page.tree.cssselect("input[name=mark]")) == (2 if scale == "met" else 0)
    mark = "not_met" if scale == "met" else ""
    look = DomainPage(
        {"was_seen": "not_applicable", "how_safe": "3"}, {}, Judged(mark, "Visit of 3 March.", "She waits.")
    )
    operations.answer(db.session.get(queries.Audit, audit.id).versions[0], "look", look, by=None, at=now())
    db.session.commit()
    assert auditor.submit(f"{url}/check", "Submit audit").status == 303
    assert "Visit of 3 March." in auditor.get(f"{url}/record").words
