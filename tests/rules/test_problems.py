"""What an import has to tell, grouped by its words and as a table."""

from datetime import date

from auditapp.cases.problems import Group, doubts, grouped, table


def test_the_same_words_about_several_rows_are_one_line_most_rows_first():
    told = [{"row": 2, "what": "A"}, {"row": 3, "what": "B"}, {"row": 5, "what": "B"}]
    assert [(group.what, group.where) for group in grouped(told, "what")] == [("B", "2 rows: 3, 5"), ("A", "row 2")]


def test_of_many_rows_the_first_are_named():
    assert Group("A", tuple(range(1, 21))).where == "20 rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 8 more"


def test_every_refusal_and_note_is_a_row_of_the_table():
    report = {"list": "6", "sheet": "S", "refused": [{"row": 9, "why": "W"}], "notes": [{"row": 2, "what": "N"}]}
    assert list(table([report])) == [("6", "S", 9, "refused", "W"), ("6", "S", 2, "note", "N")]


def test_an_extract_is_doubted_when_a_later_one_was_taken_or_most_children_are_gone():
    stayed = {"new": 9, "changed": 1, "gone": 2, "unchanged": 1}
    june, july = date(2026, 6, 30), date(2026, 7, 31)
    assert doubts(stayed, july, None) == doubts(stayed, july, july) == doubts(stayed, july, june) == []
    assert doubts(stayed, june, july) == ["An extract that shows a later day was taken already (31 July 2026)."]
    assert doubts(stayed | {"gone": 3}, july, june) == [
        "More children are gone than have stayed. Is this the right file?"
    ]
    assert len(doubts(stayed | {"gone": 3}, june, july)) == 2
