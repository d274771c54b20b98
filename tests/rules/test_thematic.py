"""The thematic report: what counts, in which denominator, and what a published one keeps to itself."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.figures.facts import ActionFact, AuditFact, Facts, Finding, FindingFact, JudgementFact
from auditapp.figures.shares import Verdict
from auditapp.library.scales import GRADES, Grade
from auditapp.reports import wording
from auditapp.reports.contract import as_json
from auditapp.reports.filters import NARROWING, Filters, Names
from auditapp.reports.report import Made
from auditapp.reports.thematic import compile

NAMES = Names(
    kinds={"monthly": "Monthly learning audit", "dip_sample": "Dip sample"},
    domains={"voice": "Voice of the child", "plans": "SMART plans"},
    themes={"direction": "Direction", "words": "Own words"},
    templates={"whole_case": "Whole case"},
    journeys={"in_care": "In care"},
    stages={"agreed": "Agreed", "done": "Done", "seen": "Seen in the record", "ended": "Not needed any more"},
)
MADE = Made(datetime(2026, 10, 1, 9, 0, tzinfo=UTC), "Priya", "0.1")
QUARTER = Filters(date(2026, 7, 1), date(2026, 9, 30))


class Council:
    """Makes facts: one audit at a time, with its overall grade and grades by domain."""

    def __init__(self):
        self.audits, self.judgements, self.findings, self.actions = [], [], [], []

    def audit(self, overall, day=date(2026, 8, 3), final=None, scale="ofsted", **given):
        number = len(self.audits) + 1
        domains = given.pop("domains", {})
        given.setdefault("kind", "monthly")
        self.audits.append(AuditFact(number, day, reference=f"C{number}", **given))
        for domain, rank in {"": overall, **domains}.items():
            word = Grade(rank).word if rank and scale == "ofsted" else str(rank or "")
            last = final if final and not domain else rank
            self.judgements.append(JudgementFact(number, domain, rank, last, word, word, scale))
        return number

    def many(self, *ranks, **given):
        return [self.audit(rank, **given) for rank in ranks]

    def found(self, audit, theme, kind, words="words"):
        self.findings.append(FindingFact(audit, theme, kind, words))

    @property
    def facts(self):
        return Facts(tuple(self.audits), tuple(self.judgements), tuple(self.findings), tuple(self.actions))

    def report(self, filters=QUARTER, **given):
        return compile(filters, self.facts, NAMES, MADE, **given)


def marked(row, grade):
    """How many of a row have a grade."""
    return row.grades[GRADES.index(grade)].n


@pytest.fixture
def council():
    return Council()


def test_peterborough_2015_comes_out_as_published(council):
    council.many(*[3] * 9, *[2] * 17, *[1] * 4)
    whole = council.report().only.overall
    assert (whole.audits, whole.graded, whole.not_graded) == (30, 30, 0)
    assert [(count.grade, count.n) for count in whole.grades] == list(zip(GRADES, (0, 9, 17, 4), strict=True))
    assert (whole.good_or_better.n, whole.good_or_better.of, whole.good_or_better.share) == (9, 30, 0.3)


def test_what_was_not_graded_stands_outside_the_denominator_until_it_is_asked_in(council):
    council.many(3, 2, None, None)
    outside = council.report().only.overall
    assert (outside.audits, outside.graded, outside.not_graded, outside.good_or_better.of) == (4, 2, 2, 2)
    inside = council.report(replace(QUARTER, count_ungraded=True)).only.overall
    assert (inside.graded, inside.good_or_better.n, inside.good_or_better.of) == (2, 1, 4)
    assert [count.share for count in inside.grades] == [0, 0.25, 0.25, 0]
    assert "in the shares, because this was asked for" in str(
        wording.how_made(council.report(replace(QUARTER, count_ungraded=True)))
    )


def test_an_audit_whose_template_asks_no_overall_grade_is_done_and_nothing_more(council):
    council.many(3)
    council.audits.append(AuditFact(99, date(2026, 8, 3), kind="monthly"))
    whole = council.report(replace(QUARTER, count_ungraded=True)).only.overall
    assert (whole.audits, whole.graded, whole.not_graded, whole.good_or_better.of) == (2, 1, 0, 1)


def test_kinds_are_never_pooled(council):
    council.many(3, 3, 2)
    council.many(1, kind="dip_sample")
    report = council.report()
    assert [(section.kind, section.overall.graded) for section in report.sections] == [
        ("monthly", 3),
        ("dip_sample", 1),
    ]
    answer = as_json(report)
    assert answer["audits"] == 4
    assert [answer[part] for part in ("graded", "grades", "good_or_better", "by", "themes", "actions")] == [None] * 6
    assert "never pooled" in answer["why"]
    assert [kind["good_or_better"]["of"] for kind in answer["kinds"]] == [3, 1]
    assert as_json(council.report(replace(QUARTER, kind="dip_sample")))["good_or_better"]["of"] == 1


def test_with_one_kind_the_top_of_the_json_is_the_overall_judgements(council):
    council.many(4, 3, 2, domains={"voice": 3})
    answer = as_json(council.report(by=("domain",)))
    assert answer["good_or_better"]["n"] == 2
    assert [grade["grade"] for grade in answer["grades"]] == [
        "Outstanding",
        "Good",
        "Requires improvement to be good",
        "Inadequate",
    ]
    (table,) = answer["by"]
    assert [row["key"] for row in table["rows"]] == ["overall", "voice"]
    assert all(table["rows"][0][part] == answer[part] for part in ("audits", "graded", "grades", "good_or_better"))
    assert "suppressed" not in json.dumps(answer)
    assert answer["grades"][0]["share"] == 1 / 3


def test_a_domain_counts_the_audits_whose_template_asks_for_it(council):
    council.many(3, 3, domains={"voice": 2})
    council.many(3, domains={"plans": None})
    rows = {row.key: row for row in council.report().only.table("domain").rows}
    assert list(rows) == ["overall", "voice", "plans"]
    assert (rows["voice"].audits, rows["voice"].graded, rows["voice"].good_or_better.n) == (2, 2, 0)
    assert (rows["plans"].audits, rows["plans"].graded, rows["plans"].not_graded) == (1, 0, 1)
    assert rows["plans"].good_or_better.share is None


def test_first_reads_as_submitted_and_final_after_moderation(council):
    council.audit(3, final=1)
    assert marked(council.report().only.overall, Grade.INADEQUATE) == 1
    assert marked(council.report(replace(QUARTER, first=True)).only.overall, Grade.GOOD) == 1


def test_a_blank_team_is_a_row_of_its_own_and_comes_last(council):
    council.many(3, team="Zebra")
    council.many(3, team="")
    council.many(2, team="apple")
    rows = council.report().only.table("team").rows
    assert [(row.key, row.name, row.audits) for row in rows] == [
        ("apple", "apple", 1),
        ("Zebra", "Zebra", 1),
        (None, "Not recorded", 1),
    ]


def test_every_month_of_the_period_has_a_row_and_both_its_ends_count(council):
    council.audit(3, day=date(2026, 7, 1))
    council.audit(2, day=date(2026, 9, 30))
    council.audit(1, day=date(2026, 6, 30))
    council.audit(1, day=date(2026, 10, 1))
    section = council.report().only
    assert [(row.key, row.audits) for row in section.table("month").rows] == [
        ("2026-07", 1),
        ("2026-08", 0),
        ("2026-09", 1),
    ]
    assert section.overall.audits == 2
    assert [point.label for point in section.trend.points] == ["Jul 2026", "Aug 2026", "Sep 2026"]


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({"service": "North"}, 2),
        ({"team": "Oak"}, 1),
        ({"template": "whole_case"}, 1),
        ({"journey": "in_care"}, 1),
        ({"theme": "direction"}, 1),
        ({"domain": "voice"}, 1),
        ({"service": "North", "team": "Elm"}, 1),
        ({"team": "Nowhere"}, 0),
    ],
)
def test_every_filter_narrows_the_selection(council, chosen, left):
    council.audit(3, service="North", team="Oak", template="whole_case", themes=frozenset({"direction"}))
    council.audit(3, service="North", team="Elm", journey="in_care", domains={"voice": 2})
    council.audit(3, service="South", team="Ash")
    report = council.report(replace(QUARTER, **chosen))
    assert report.audits == left
    assert report.only.overall.audits == left


def test_with_a_domain_chosen_the_whole_report_speaks_of_that_domain(council):
    council.audit(4, team="Oak", domains={"voice": 1})
    section = council.report(replace(QUARTER, domain="voice")).only
    assert section.overall.name == "Voice of the child"
    assert marked(section.overall, Grade.INADEQUATE) == 1
    assert marked(section.table("team").rows[0], Grade.INADEQUATE) == 1
    assert [row.key for row in section.table("domain").rows] == ["voice"]


def test_themes_count_audits_of_those_whose_template_looks_at_them(council):
    looks = {"themes": frozenset({"direction"})}
    one, two, _ = council.many(3, 3, 3, **looks)
    other = council.audit(3)
    for _ in range(2):
        council.found(one, "direction", Finding.LEARNING)
    council.found(two, "direction", Finding.STRENGTH)
    council.found(other, "direction", Finding.STRENGTH)
    (theme,) = council.report().only.themes
    assert (theme.strengths.n, theme.learning.n, theme.of, theme.elsewhere) == (1, 1, 3, 1)
    answer = as_json(council.report())["themes"][0]
    assert (answer["key"], answer["strengths"], answer["learning"], answer["of"]) == ("direction", 1, 1, 3)


def test_a_theme_that_templates_look_at_is_listed_though_nothing_was_found(council):
    council.many(3, themes=frozenset({"direction", "words"}))
    assert [(row.name, row.strengths.n, row.of) for row in council.report().only.themes] == [
        ("Direction", 0, 1),
        ("Own words", 0, 1),
    ]


def test_findings_stand_in_the_order_of_the_themes_strengths_first(council):
    (audit,) = council.many(3, themes=frozenset({"direction", "words"}))
    council.found(audit, "words", Finding.STRENGTH, "third")
    council.found(audit, "direction", Finding.LEARNING, "second")
    council.found(audit, "direction", Finding.STRENGTH, "first")
    assert [one.words for one in council.report().only.findings] == ["first", "second", "third"]


def test_actions_are_counted_by_stage_with_the_empty_ones(council):
    (audit,) = council.many(3)
    council.actions += [
        ActionFact(audit, "agreed", overdue=True),
        ActionFact(audit, "agreed"),
        ActionFact(audit, "seen"),
    ]
    council.actions.append(ActionFact(77, "agreed"))
    assert as_json(council.report())["actions"] == {
        "total": 3,
        "agreed": 2,
        "done": 0,
        "seen": 1,
        "ended": 0,
        "overdue": 1,
    }


def test_other_scales_are_kept_apart(council):
    council.many(3)
    council.audit(7, scale="nought_to_ten")
    section = council.report().only
    assert (section.overall.audits, section.overall.graded, section.overall.not_graded) == (2, 1, 0)
    assert [(one.scale, one.words) for one in section.other_scales] == [("nought_to_ten", (("7", 1),))]


def test_the_period_before_is_as_many_months_long_and_ends_the_day_before():
    assert (QUARTER.before().since, QUARTER.before().until) == (date(2026, 4, 1), date(2026, 6, 30))
    year = Filters(date(2026, 1, 1), date(2026, 12, 31)).before()
    assert (year.since, year.until) == (date(2025, 1, 1), date(2025, 12, 31))
    week = Filters(date(2026, 3, 2), date(2026, 3, 8)).before()
    assert (week.since, week.until) == (date(2026, 2, 23), date(2026, 3, 1))


def test_nottinghamshire_s_year_is_compared_with_the_one_before(council):
    earlier = Council()
    earlier.many(*[3] * 38, *[2] * 71, day=date(2026, 5, 4))
    council.many(*[3] * 22, *[2] * 9)
    change = council.report(before=earlier.facts).only.change
    assert change.verdict is Verdict.BETTER
    assert "36 points up from the period before, 38 of 109 (35%)" in wording.change_words(change)


def test_a_selection_without_audits_is_one_empty_section_and_says_so(council):
    report = council.report(replace(QUARTER, kind="dip_sample"))
    assert report.only.name == "Dip sample"
    assert as_json(report)["good_or_better"] == {"n": 0, "of": 0, "share": None, "low": None, "high": None}
    assert wording.paragraph(report.only) == ["No audit was submitted in this selection."]


def test_the_paragraph_says_every_share_with_its_n(council):
    looks = {"themes": frozenset({"direction"}), "talked": True}
    audits = council.many(*[3] * 6, *[2] * 4, None, domains={"voice": 3, "plans": 2}, **looks)
    council.found(audits[0], "direction", Finding.LEARNING)
    council.actions.append(ActionFact(audits[0], "agreed", overdue=True))
    said = " ".join(wording.paragraph(council.report().only))
    assert "11 audits were submitted, 1 of them without a grade, left out of the shares" in said
    assert "11 of 11 were talked through" in said
    assert "6 of 10 (60%, 31–83%) were judged good or better." in said
    assert "most often: Voice of the child, 11 of 11; least often: SMART plans, 0 of 11" in said
    assert "Direction, in 1 of 11 audits" in said
    assert "1 action followed: 1 agreed. Of those agreed 1 is overdue." in said


def published(council, **chosen):
    return compile(replace(QUARTER, **chosen).for_publication(), council.facts, NAMES, MADE)


def test_a_published_report_hides_small_counts_and_what_would_reveal_them(council):
    audits = council.many(*[3] * 9, *[2] * 17, *[1] * 4, team="Oak", service="North", themes=frozenset({"words"}))
    council.found(audits[0], "words", Finding.LEARNING, "told in confidence")
    report = published(council)
    answer = as_json(report)
    assert answer["good_or_better"]["n"] == 9
    assert [grade["n"] for grade in answer["grades"]] == [0, 9, None, None]
    assert answer["grades"][3] == {"grade": "Inadequate", "n": None, "share": None, "suppressed": True}
    assert answer["themes"][0]["learning"] is None
    tables = {table["by"]: table for table in answer["by"]}
    assert tables["team"] == {
        "by": "team",
        "rows": [],
        "suppressed": True,
        "why": "Figures by team are not part of a published report.",
    }
    assert tables["service"]["rows"][0]["grades"][3]["n"] is None
    assert report.facts == Facts()
    assert report.only.findings == ()
    assert "told in confidence" not in str(report)


def test_a_published_report_of_very_few_audits_says_nothing_but_that(council):
    council.many(1, 1, 1)
    answer = as_json(published(council))
    assert (answer["audits"], answer["graded"], answer["suppressed"]) == (None, None, True)
    assert answer["good_or_better"]["suppressed"] is True
    assert answer["talked_through"]["suppressed"] is True
    assert "too small to be shown" in wording.headline(published(council).only)


def test_a_hidden_kind_hides_the_total_of_all_kinds(council):
    council.many(*[3] * 30)
    council.many(1, 1, kind="dip_sample")
    assert as_json(published(council))["audits"] is None


def test_published_figures_are_of_whole_months(council):
    filters = Filters(date(2026, 7, 2), date(2026, 9, 30)).for_publication()
    assert (filters.since, filters.until) == (date(2026, 8, 1), date(2026, 9, 30))
    short = Filters(date(2026, 7, 2), date(2026, 7, 30), published=True)
    assert short.faults() == [("until", "a published report needs at least one whole month")]
    with pytest.raises(ValueError, match="at least one whole month"):
        short.for_publication()


@pytest.mark.parametrize("filter", NARROWING)
def test_a_published_report_takes_no_filter_that_narrows_it(filter):
    narrowed = replace(QUARTER, published=True, **{filter: "something"})
    assert [name for name, _ in narrowed.faults()] == [filter]
    assert replace(narrowed, published=False).faults() == []
    assert replace(QUARTER, published=True, kind="monthly").faults() == []


def test_days_lie_from_1990_to_2100_in_their_order():
    assert Filters(date(1990, 1, 1), date(2100, 12, 31)).faults() == []
    assert [name for name, _ in Filters(date(1989, 12, 31), date(2026, 1, 1)).faults()] == ["since"]
    assert [name for name, _ in Filters(date(2026, 1, 1), date(2101, 1, 1)).faults()] == ["until"]
    assert [name for name, _ in Filters(date(2026, 1, 2), date(2026, 1, 1)).faults()] == ["until"]


def test_the_trend_is_published_only_where_every_month_is(council):
    for month in (7, 8, 9):
        council.many(*[3] * 8, *[2] * 7, day=date(2026, month, 5))
    assert published(council).only.trend is not None
    council.many(3, day=date(2026, 6, 5))
    quarter_and_a_little = compile(
        Filters(date(2026, 6, 1), date(2026, 9, 30)).for_publication(), council.facts, NAMES, MADE
    )
    assert quarter_and_a_little.only.trend is None


def test_overdue_actions_are_hidden_where_they_would_tell_how_many_were_agreed(council):
    audits = council.many(*[3] * 10)
    council.actions += [ActionFact(audits[0], "agreed", overdue=True)] * 5 + [ActionFact(audits[1], "done")]
    actions = published(council).only.actions
    assert [row.n for row in actions.stages] == [None, None, 0, 0]
    assert actions.overdue is None
    assert actions.total == 6


def domain_rows(report):
    """The published rows by domain but the whole's, by key; None where they are withheld."""
    table = report.only.table("domain")
    return None if table.withheld else {row.key: row for row in table.rows if row.key != "overall"}


def of_one_domain(council, **ranks):
    """Audits of single-domain templates: the domain's grade stands for the whole."""
    for domain, marks in ranks.items():
        for rank in marks:
            council.audit(rank, domains={domain: rank}, themes=frozenset({domain}))


def test_domains_that_add_up_to_the_whole_are_hidden_like_the_rows_of_any_table(council):
    """37 audits of three templates of one domain: two shown would tell that the third had 3."""
    of_one_domain(council, voice=[3] * 12 + [2] * 8, plans=[3] * 8 + [2] * 6, chronology=[3, 3, 2])
    report = published(council)
    assert report.only.overall.audits == 37
    rows = domain_rows(report)
    assert {key: row.audits for key, row in rows.items()} == {"voice": 20, "plans": None, "chronology": None}
    assert all(rows[key].good_or_better.suppressed for key in ("plans", "chronology"))
    assert not any(theme.of for theme in report.only.themes)


def test_domains_that_add_up_to_the_whole_are_shown_where_none_is_small(council):
    of_one_domain(council, voice=[3] * 12 + [2] * 8, plans=[3] * 8 + [2] * 6)
    assert {key: row.audits for key, row in domain_rows(published(council)).items()} == {"voice": 20, "plans": 14}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["voice", "voice", "plans", "chronology"]), st.integers(1, 4)), max_size=60))
def test_no_hidden_domain_is_what_the_others_leave_of_the_whole(audits):
    council = Council()
    for domain, rank in audits:
        council.audit(rank, domains={domain: rank})
    report = published(council)
    rows = domain_rows(report) or {}
    whole = report.only.overall
    numbers = [lambda row: row.audits, lambda row: row.good_or_better.n]
    numbers += [lambda row, grade=grade: marked(row, grade) for grade in GRADES]
    for number in numbers:
        if number(whole) is not None:
            assert [number(row) for row in rows.values()].count(None) != 1


def test_whole_cases_among_audits_of_one_domain_are_told_by_domain_only_in_numbers(council):
    of_one_domain(council, voice=[3] * 20, plans=[3] * 20)
    council.audit(3, domains={"voice": 3, "plans": 3, "chronology": 2})
    assert domain_rows(published(council)) is None
    council.many(*[2] * 19, domains={"voice": 2, "plans": 2, "chronology": 2})
    told = {key: row.audits for key, row in domain_rows(published(council)).items()}
    assert told == {"voice": 40, "plans": 40, "chronology": 20}


def test_a_domain_that_few_whole_cases_were_asked_for_is_hidden_with_the_others_of_its_sort(council):
    both = {"voice": 3, "plans": 2}
    council.many(*[3] * 30, domains={**both, "early_help": 3})
    council.many(*[3] * 3, domains={**both, "permanence": 3})
    told = {key: row.audits for key, row in domain_rows(published(council)).items()}
    assert told == {"voice": 33, "plans": 33, "early_help": None, "permanence": None}


def shown_numbers(answer):
    """Every count in a JSON answer, and what each share leaves over."""
    if isinstance(answer, dict):
        if isinstance(answer.get("n"), int) and isinstance(answer.get("of"), int):
            yield answer["of"] - answer["n"]
        for value in answer.values():
            yield from shown_numbers(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from shown_numbers(value)
    elif isinstance(answer, int) and not isinstance(answer, bool):
        yield answer


JUDGED = st.tuples(
    st.sampled_from([4, 3, 3, 3, 2, 2, 2, 1, None]),
    st.sampled_from(["North", "South", ""]),
    st.integers(4, 9),
    st.sampled_from([None, 1, 2, 3, 3]),
    st.booleans(),
    st.sampled_from(["monthly", "monthly", "monthly", "dip_sample"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(JUDGED, max_size=70), st.booleans())
def test_no_small_number_stands_anywhere_in_a_published_report(audits, count_ungraded):
    council = Council()
    for rank, service, month, voice, talked, kind in audits:
        audit = council.audit(
            rank,
            day=date(2026, month, 9),
            service=service,
            talked=talked,
            kind=kind,
            domains={"voice": voice},
            themes=frozenset({"words"}),
        )
        if talked:
            council.found(audit, "words", Finding.STRENGTH if voice == 3 else Finding.LEARNING)
            council.actions.append(ActionFact(audit, "agreed" if voice else "seen", overdue=rank == 1))
    filters = replace(QUARTER, count_ungraded=count_ungraded).for_publication()
    answer = as_json(compile(filters, council.facts, NAMES, MADE, before=council.facts))
    assert not [number for number in shown_numbers(answer) if 0 < number < 5]
