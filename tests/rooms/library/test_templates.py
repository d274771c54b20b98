"""Templates from the shipped definitions to published versions that never change."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from auditapp.db import db, now
from auditapp.journal.verifying import verify
from auditapp.library import operations, queries
from auditapp.library.models import KeyKind, TemplateVersion, Theme
from auditapp.library.reading import FaultyFileError, export
from auditapp.library.shipped import IN_ORDER, definitions, themes

GUIDE = Path(__file__).parents[3] / "docs/guide/templates.md"
EXAMPLE = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]


def add(text=EXAMPLE, **kwargs):
    return operations.add(text, "visits.yaml", by=None, at=now(), **kwargs)


def published(text=EXAMPLE):
    version = add(text)
    operations.publish(version, by=None, at=now())
    db.session.commit()
    return version


def test_a_new_instance_holds_the_five_shipped_templates_published(app):
    assert {version.template.key for version in queries.usable()} == set(IN_ORDER)
    for key, definition in definitions().items():
        assert queries.definition(queries.in_use(key)) == definition


def test_a_new_instance_holds_the_shipped_themes_in_their_order(app):
    assert [theme.key for theme in queries.themes()] == [theme.key for theme in themes()]


def test_loading_the_shipped_templates_again_changes_nothing(app):
    before = db.session.scalar(select(func.count()).select_from(TemplateVersion))
    assert operations.load_shipped(at=now()) == 0
    assert db.session.scalar(select(func.count()).select_from(TemplateVersion)) == before


def test_a_shipped_template_that_the_council_made_its_own_is_left_alone_by_an_upgrade(app):
    own = export(definitions()["smart_plans"]).replace("title: SMART plans\nsummary", "title: Our plans\nsummary")
    version = published(own)
    db.session.execute(text("UPDATE template_version SET digest = digest WHERE 1 = 0"))
    assert version.number == 2
    assert operations.load_shipped(at=now()) == 0
    assert queries.in_use("smart_plans").number == 2


def test_a_new_release_s_text_becomes_the_next_version_of_a_template_still_as_shipped(app, monkeypatch):
    from auditapp.library import shipped

    changed = definitions()["chronology"].model_copy(update={"title": "Chronology, improved"})
    changed = type(changed).model_validate(changed.as_document())
    monkeypatch.setattr(shipped, "definitions", lambda: {"chronology": changed})
    assert operations.load_shipped(at=now()) == 1
    assert (queries.in_use("chronology").number, queries.by_key("chronology").title) == (2, "Chronology, improved")


def test_the_guide_s_example_is_sound_and_comes_in_as_a_draft(app):
    version = add()
    assert (version.number, version.published_at) == (1, None)
    assert queries.in_use("home_visits") is None


def test_publishing_puts_a_template_in_use_and_its_keys_in_the_register(app):
    published()
    assert queries.in_use("home_visits").number == 1
    assert queries.known_keys(KeyKind.QUESTION)["visits_purposeful"].answer == "yes_partly_no"
    assert "home_visits" in queries.known_keys(KeyKind.DOMAIN)


def test_a_faulty_definition_stores_nothing(app):
    with pytest.raises(FaultyFileError) as refused:
        add(EXAMPLE.replace("theme: plans", "theme: planes").replace("kinds: [dip_sample, thematic]", "kinds: [x]"))
    assert len(refused.value.faults) == 2
    assert queries.by_key("home_visits") is None


def test_a_second_draft_replaces_the_one_that_waits(app):
    add()
    version = add(EXAMPLE.replace("title: Home visits\nsummary", "title: Visits\nsummary"), note="Shorter title")
    assert (version.number, queries.definition(version).title, version.note) == (1, "Visits", "Shorter title")


def test_the_same_definition_again_is_refused_because_nothing_would_change(app):
    published()
    with pytest.raises(operations.Refusal, match="already asks exactly this"):
        add()


def test_the_next_version_leaves_the_earlier_one_as_it_was(app):
    first = published()
    second = published(EXAMPLE.replace("title: Home visits\nsummary", "title: Visits\nsummary"))
    assert (first.number, second.number) == (1, 2)
    assert queries.definition(queries.by_number("home_visits", 1)).title == "Home visits"
    assert queries.by_key("home_visits").title == "Visits"


def test_a_published_version_cannot_be_published_or_thrown_away(app):
    version = published()
    with pytest.raises(operations.Refusal):
        operations.publish(version, by=None, at=now())
    with pytest.raises(operations.Refusal):
        operations.discard(version)


def test_the_database_itself_refuses_to_change_a_published_version(app):
    version = published()
    with pytest.raises(DatabaseError, match="never changes"):
        db.session.execute(update(TemplateVersion).where(TemplateVersion.id == version.id).values(note="x"))
    db.session.rollback()


def test_the_journal_protects_what_was_published(app):
    published()
    assert not verify([]).findings


def test_a_question_whose_kind_of_answer_changed_under_its_key_is_refused(app):
    published()
    other = EXAMPLE.replace("key: home_visits", "key: other_visits", 1).replace(
        "        guidance: Not applicable for a first visit.\n", "        answer: date\n"
    )
    with pytest.raises(FaultyFileError, match="Give the new question a key of its own"):
        add(other)


def test_two_drafts_that_disagree_on_a_key_cannot_both_be_published(app):
    first = add(EXAMPLE.replace("visits_announced", "visits_told"))
    other = EXAMPLE.replace("key: home_visits", "key: other_visits", 1).replace("visits_announced", "visits_other")
    second = add(other.replace("key: visits_why_not", "key: visits_told"))
    operations.publish(first, by=None, at=now())
    with pytest.raises(operations.Refusal, match="visits_told"):
        operations.publish(second, by=None, at=now())


def test_a_draft_thrown_away_takes_a_template_that_was_never_published_with_it(app):
    operations.discard(add())
    db.session.commit()
    assert queries.by_key("home_visits") is None


def test_a_template_out_of_use_is_not_offered_and_can_be_brought_back(app):
    published()
    template = queries.by_key("home_visits")
    operations.withdraw(template, at=now())
    assert queries.in_use("home_visits") is None
    operations.bring_back(template)
    assert queries.in_use("home_visits").number == 1


def test_a_theme_that_templates_speak_to_stays(app):
    theme = db.session.scalar(select(Theme).where(Theme.key == "voice"))
    with pytest.raises(operations.Refusal, match="Voice of the child"):
        operations.end_theme(theme, on=date(2026, 11, 22))


def test_a_theme_comes_last_can_end_and_never_lends_its_key_to_another(app):
    theme = operations.add_theme("Home education", "Children taught at home")
    assert queries.themes()[-1] is theme
    operations.end_theme(theme, on=date(2026, 11, 22))
    assert "home_education" not in [one.key for one in queries.themes()]
    assert queries.theme_names()["home_education"] == "Home education"
    assert operations.add_theme("Home Education").key == "home_education_2"
    with pytest.raises(operations.Refusal, match="in the list already"):
        operations.add_theme("HOME education")
