"""Workbooks as councils send them, clean or dirty, made with a count of their own of what must come out of them.

The counting here shares nothing with the reader: it counts while it writes.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from auditapp.cases.annex_a import shapes

AS_AT = date(2026, 9, 30)
START = date(2026, 4, 5)
TEAMS = ["Locality North 1", "Locality North 2", "Children in Care 1", "Duty and Assessment", "Leaving Care"]
WORKERS = [f"Worker {letter}" for letter in "ABCDEFGHIJKL"]
HEADINGS = {one.key: [heading.name for heading in one.headings] for one in shapes() if one.key != "11"}
START_OF = {
    "1": "Date of Contact",
    "2": "Assessment start date",
    "3": "Date of referral",
    "4": "Continuous Assessment Start Date",
    "5": "Strategy discussion initiating Section 47 Enquiry Start Date",
    "6": "CIN Start Date",
    "7": "Child Protection Plan Start Date",
    "8": "Date Started to be Looked After",
    "10": "Date of Decision that Child Should be Placed for Adoption",
}
END_OF = {
    "2": "Assessment completion date",
    "4": "Continuous Assessment Date of Authorisation",
    "5": "Date of Initial Child Protection Conference",
    "6": "CIN Closure Date",
    "7": "Child Protection Plan End Date",
    "8": "Date Ceased to be Looked After",
    "10": "Date of Adoption Order",
}
REVERSED = "Date of Decision that Child Should No Longer be Placed for Adoption"
DEEMED = "Was an Initial Child Protection Conference deemed unnecessary?"
WITHOUT_TEAM = ("1", "2", "10")
ONE_EACH = ("6", "7", "8", "9", "10")
OTHER_SPELLINGS = {
    "Child Unique ID": "ChildUniqueID",
    "Age of Child (Years)": "Age",
    "Date of referral": "Date of Referral",
    "Allocated Team": "Team",
    "Allocated Worker": "Worker ",
    "Case Status": "CASE\nSTATUS",
}


@dataclass
class Expected:
    """What must come out of one list: counted while writing."""

    read: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    noted: dict[int, str] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    open_by_team: Counter[str | None] = field(default_factory=Counter)


@dataclass
class Made:
    """A workbook and what must come out of it."""

    data: bytes
    lists: dict[str, Expected]
    header_rows: dict[str, int]

    @property
    def children(self) -> set[str]:
        return set().union(*(expected.children for expected in self.lists.values()))


def clean(children: int = 200, seed: int = 1) -> Made:
    """Make a workbook without any dirt: the ten lists of children, official headings in row 1."""
    return _Maker(children, seed, dirty=False).make()


def dirty(children: int = 200, seed: int = 1) -> Made:
    """Make a workbook with every kind of dirt that a count must survive."""
    return _Maker(children, seed, dirty=True).make()


def dates_of(day: date) -> list[Any]:
    """Give one date in every form that councils write."""
    serial = (day - date(1899, 12, 30)).days
    at_noon = datetime(day.year, day.month, day.day, 13, 45)
    written = [day.strftime("%d/%m/%Y"), day.strftime("%d-%m-%y"), day.isoformat(), f"{day.day} {day:%b %Y}"]
    return [day, at_noon, serial, str(serial), *written]


class _Maker:
    def __init__(self, children: int, seed: int, *, dirty: bool) -> None:
        self.dice = random.Random(seed)
        self.dirty = dirty
        self.references = [
            f"{number:06d}" if number % 7 == 0 else str(100_000 + number) for number in range(1, children + 1)
        ]
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self.lists: dict[str, Expected] = {}
        self.header_rows: dict[str, int] = {}

    def make(self) -> Made:
        for key in HEADINGS:
            self._list(key)
        if self.dirty:
            self.book.create_sheet("Notes").append(["Please read me first"])
            self.book["List 9 (old name)"].sheet_state = "hidden"
        out = io.BytesIO()
        self.book.save(out)
        return Made(out.getvalue(), self.lists, self.header_rows)

    # ---- one list

    def _list(self, key: str) -> None:
        self.expected = self.lists[key] = Expected()
        self.sheet = self.book.create_sheet("List 9 (old name)" if self.dirty and key == "9" else f"List {key}")
        self.row = 0
        names = [*HEADINGS[key], "UPN", "Comment"] if self.dirty else list(HEADINGS[key])
        if self.dirty:
            self.dice.shuffle(names)
            self._put(["Annex A", None, "extracted 1 October 2026"])
            self.row += 2
        self.names = names
        self._put([OTHER_SPELLINGS.get(name, name) if self.dirty else name for name in names])
        self.header_rows[key] = self.row
        for reference in self.references:
            if self.dice.random() < 0.8:
                self._child(key, reference)
        if self.dirty:
            self._end(key)

    def _put(self, values: list[Any]) -> int:
        self.row += 1
        for column, value in enumerate(values, 1):
            if value is not None:
                cell = self.sheet.cell(self.row, column, value)
                if isinstance(value, date):
                    cell.number_format = "dd/mm/yyyy"
        return self.row

    def _write(self, facts: dict[str, Any]) -> int:
        row = self._put([facts.get(name) for name in self.names])
        self.expected.read += 1
        return row

    def _child(self, key: str, reference: str) -> None:
        """Write a child's rows into a list, and count them."""
        expected = self.expected
        facts = self._facts(key, reference)
        team = facts["team"]
        row = self._write(self._spoilt(facts))
        expected.children.add(reference)
        is_open = self._is_open(key, facts)
        if self.dirty:
            is_open, team = self._more(key, facts, row, is_open, team)
        if is_open:
            expected.open_by_team[team] += 1

    def _is_open(self, key: str, facts: dict[str, Any]) -> bool:
        if key in ("1", "3"):
            return bool(date(2026, 3, 30) <= facts[START_OF[key]] <= AS_AT)
        if key == "5" and "Yes" in facts[DEEMED]:
            return False
        ends = [facts.get(name) for name in (END_OF.get(key, ""), REVERSED)]
        return all(end is None or end > AS_AT for end in ends)

    def _facts(self, key: str, reference: str) -> dict[str, Any]:
        dice = self.dice
        started = START + timedelta(days=dice.randrange(150))
        ended = started + timedelta(days=dice.randrange(1, 300)) if dice.random() < 0.4 else None
        team = None if key in WITHOUT_TEAM else dice.choice(TEAMS)
        facts: dict[str, Any] = {name: "Yes" for name in HEADINGS[key] if "Date" not in name and "ate of" not in name}
        facts |= {
            "Child Unique ID": reference,
            "Gender": dice.choice(["a) Male", "b) Female", "M", "F"]),
            "Ethnicity": dice.choice(["a) WBRI", "APKN", "i) MOTH"]),
            "Date of Birth": date(2012, 1, 1) + timedelta(days=dice.randrange(4000)),
            "Age of Child (Years)": round(dice.random() * 17, 6),
            "Case Status": "c) Child in need plan",
            "Eligibility Category": "b) Former relevant child",
            "Allocated Team": team,
            "Allocated Worker": dice.choice(WORKERS),
            "team": team,
        }
        if key in START_OF:
            facts[START_OF[key]] = started
        if key in END_OF:
            facts[END_OF[key]] = ended
            if key == "6" and ended and ended <= AS_AT:
                facts["Case Status"] = "e) Closed episode"
        if key == "10" and dice.random() < 0.3:
            facts[END_OF[key]], facts[REVERSED] = None, started + timedelta(days=dice.randrange(200))
        if key == "5":
            facts[DEEMED] = dice.choice(["Yes", "No", "a) Yes", "b) No"])
        return facts

    # ---- dirt

    def _spoilt(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Write the same facts in another of the forms that mean the same."""
        if not self.dirty:
            return facts
        dice, written = self.dice, dict(facts)
        reference = facts["Child Unique ID"]
        forms: list[Any] = [reference, f" {reference} ", f"{reference}\xa0", f"{reference[:3]} {reference[3:]}"]
        if not reference.startswith("0"):
            forms += [int(reference), float(reference), f"{reference}.0"]
        written["Child Unique ID"] = dice.choice(forms)
        for name, value in facts.items():
            if isinstance(value, date):
                written[name] = dice.choice(dates_of(value))
        if facts["team"]:
            written["Allocated Team"] = dice.choice(
                [facts["team"], f"{facts['team']} ", facts["team"].replace(" ", "\xa0")]
            )
        return written

    def _more(
        self, key: str, facts: dict[str, Any], row: int, is_open: bool, team: str | None
    ) -> tuple[bool, str | None]:
        """After a child's row, now and then: a repeat, another row, a blank one, one without a reference, and so on."""
        expected, luck = self.expected, self.dice.random()
        if luck < 0.03:
            expected.noted[self._write(self._spoilt(facts))] = f"same as row {row}"
        elif luck < 0.06 and key not in WITHOUT_TEAM:
            facts = {**facts, "Allocated Team": "Second Team", "team": "Second Team"}
            again = self._write(self._spoilt(facts))
            if key in ONE_EACH:
                expected.noted[row] = f"row {again}"
            team = "Second Team"
        elif luck < 0.09:
            nobody = {"Child Unique ID": self.dice.choice([None, "#N/A", " - ", "N/A"])}
            expected.refused[self._write(self._spoilt(facts) | nobody)] = "blank"
        elif luck < 0.11:
            self.row += 1
            expected.noted[self.row] = "blank"
        elif luck < 0.13:
            self.sheet.row_dimensions[row].hidden = True
            expected.noted[row] = "hidden"
        elif luck < 0.15 and key in ("4", "6", "7", "8"):
            column = get_column_letter(self.names.index(END_OF[key]) + 1)
            self.sheet[f"{column}{row}"] = "=TODAY()-1"
            expected.noted[row] = "formula without a saved value"
            is_open = True
        elif luck < 0.17 and key in ("4", "6", "7", "8"):
            self.sheet.cell(row, self.names.index(END_OF[key]) + 1, "31/02/2026").number_format = "General"
            expected.noted[row] = "is not a date (31/02/2026)"
            is_open = True
        elif luck < 0.2 and key not in WITHOUT_TEAM:
            self.sheet.cell(row, self.names.index("Allocated Team") + 1, self.dice.choice(["#N/A", "N/A", "-", "\xa0"]))
            expected.noted[row] = "Allocated Team is blank"
            team = None
        elif luck < 0.22 and key == "6":
            self.sheet.cell(row, self.names.index("Case Status") + 1, "Zebra crossing")
            expected.noted.setdefault(0, "Zebra crossing")
        return is_open, team

    def _end(self, key: str) -> None:
        reference = self.names.index("Child Unique ID") + 1
        self.row += 3
        self.sheet.cell(self.row, reference, "Total")
        self.sheet.cell(self.row, reference % len(self.names) + 1, 1234)
        self.expected.read += 1
        self.expected.refused[self.row] = "total or a remark"
