"""Nobody audits their own work, a child they know, or (unless it is allowed) their own team's."""

from auditapp.audits.conflicts import Candidate, Held, Matter, free, refusals

PRIYA = Candidate(1, "Priya Shah", worker_ids=frozenset({11}), team_ids=frozenset({5}))
STRANGER = Candidate(2, "Jo Reed", worker_ids=frozenset({22}), team_ids=frozenset({6}))


def test_somebody_without_any_tie_may_audit():
    assert refusals(STRANGER, Matter(11, 5), own_team_allowed=False) == ()


def test_nobody_audits_their_own_case():
    assert refusals(PRIYA, Matter(11, 7), own_team_allowed=True) == ("Priya Shah is this case’s own worker.",)


def test_nobody_audits_a_child_they_have_worked_with():
    matter = Matter(33, 7, held=(Held("Child protection", 11, ended=True), Held("Child in need", 11)))
    assert refusals(PRIYA, matter, own_team_allowed=True) == (
        "Priya Shah has worked with this child (child protection).",
    )


def test_an_own_team_is_refused_unless_the_council_allows_it():
    matter = Matter(33, 5, "Locality North 1")
    assert refusals(PRIYA, matter, own_team_allowed=False) == (
        "Priya Shah belongs to the case’s own team, Locality North 1.",
    )
    assert refusals(PRIYA, matter, own_team_allowed=True) == ()


def test_allowing_the_own_team_never_allows_the_own_case():
    assert refusals(PRIYA, Matter(11, 5), own_team_allowed=True)


def test_a_case_without_worker_or_team_refuses_nobody():
    assert (
        refusals(Candidate(3, "New Person"), Matter(None, None, held=(Held("Contact", None),)), own_team_allowed=False)
        == ()
    )


def test_every_reason_is_given():
    assert len(refusals(PRIYA, Matter(11, 5), own_team_allowed=False)) == 2


def test_only_those_free_may_be_chosen():
    assert free((PRIYA, STRANGER), Matter(11, 5), own_team_allowed=False) == (STRANGER,)
