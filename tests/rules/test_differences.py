"""What is told of two versions of a template."""

from auditapp.library.differences import Change, What, differences
from auditapp.library.template import Definition
from tests.rules.test_template import DEFINITION, document


def changed(change):
    plain = document()
    change(plain)
    return differences(DEFINITION, Definition.model_validate(plain))


def test_the_same_definition_has_no_differences():
    assert differences(DEFINITION, DEFINITION) == ()


def test_a_new_wording_is_told_with_what_changed():
    def reword(plain):
        plain["domains"][0]["questions"][1] |= {"text": "Was the child seen?", "theme": "risk"}

    assert changed(reword) == (
        Change(What.CHANGED, "Question", "visited", "Was the child seen?", ("wording", "theme")),
    )  # fmt: skip


def test_a_new_and_a_removed_question_are_told_and_what_is_gone_comes_last():
    def exchange(plain):
        plain["domains"][1]["questions"] = [{"key": "home_soon", "text": "Soon?"}]

    assert [(change.what, change.key) for change in changed(exchange)] == [
        (What.ADDED, "home_soon"),
        (What.REMOVED, "home_found"),
    ]


def test_a_domain_s_own_change_is_told_apart_from_its_questions():
    def redescribe(plain):
        plain["domains"][1] |= {"title": "Home", "looks_like": {**plain["domains"][1]["looks_like"], "good": "New"}}

    assert changed(redescribe) == (
        Change(What.CHANGED, "Domain", "home", "Home", ("title", "what the grades look like")),
    )  # fmt: skip
