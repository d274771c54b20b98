"""Who works at Anyshire."""

from auditapp.demo.place import FIXED, PASSWORD, SERVICES, TEAMS, WORKERS_A_TEAM, as_spelt, people, workers
from auditapp.people.passwords import weakness
from auditapp.people.roles import Role


def test_there_are_seven_services_twenty_four_teams_and_sixty_people():
    assert (len(SERVICES), len(TEAMS), len(people())) == (7, 24, 60)


def test_nobody_has_a_name_or_address_twice():
    assert len({one.name for one in people()}) == len({one.email for one in people()}) == 60


def test_every_team_has_a_manager_and_every_service_a_leader():
    assert {one.team for one in people() if one.role is Role.TEAM_MANAGER} == set(TEAMS)
    assert {one.service for one in people() if one.role is Role.SENIOR_LEADER} == set(SERVICES)


def test_there_is_one_sign_in_for_each_role():
    assert [one.role for one in FIXED] == list(Role)


def test_the_password_is_one_that_the_house_itself_would_take():
    assert weakness(PASSWORD, ["Anyshire Council", *(one.name for one in FIXED), *(one.email for one in FIXED)]) == ""


def test_every_team_has_five_workers_of_its_own():
    named = [name for names in workers().values() for name in names]
    assert len(named) == len(set(named)) == len(TEAMS) * WORKERS_A_TEAM


def test_whoever_signs_in_as_a_worker_is_named_by_the_extract():
    for one in people():
        if one.role is Role.WORKER:
            assert one.name in workers()[one.team]


def test_an_extract_spells_the_surname_first():
    assert as_spelt("Leila Marchbanke") == "Marchbanke, Leila"
