"""Six hundred invented children and what an Annex A workbook says of them on any day.

Each child has a story of dates, the same every time; `tables` tells it as at a day, so that two extracts some months
apart differ as real ones do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditapp.cases.annex_a import shapes
from auditapp.demo.place import SEED, SERVICE_OF, TEAMS, as_spelt, workers

CHILDREN = 600
HALF_A_YEAR = timedelta(days=182)

PATHS = {"early_help": 70, "referral": 64, "assessment": 72, "need": 178, "protection": 84, "care": 88, "leaving": 44}
"""How many children are where; together six hundred."""

TEAMS_OF = {
    "early_help": ("Early Help North", "Early Help South", "Early Help East"),
    "referral": ("Front Door",),
    "assessment": ("Assessment North", "Assessment South", "Assessment East"),
    "need": (
        *(team for team in TEAMS if team.startswith("Locality")),
        "Disabled Children Under 12",
        "Disabled Children 12 and Over",
        "Edge of Care",
    ),
    "protection": tuple(team for team in TEAMS if team.startswith("Locality")),
    "care": ("Children in Care North", "Children in Care South", "Court and Permanence", "Unaccompanied Young People"),
    "leaving": ("Leaving Care North", "Leaving Care South"),
}
ETHNICITIES = (
    ("White British", 58), ("Any other White background", 8), ("White and Black Caribbean", 5), ("Pakistani", 6),
    ("Bangladeshi", 4), ("Indian", 3), ("African", 6), ("Caribbean", 3), ("Gypsy or Roma", 2),
    ("Any other mixed background", 3), ("Any other ethnic group", 2),
)  # fmt: skip
ABUSE = ("Neglect", "Emotional abuse", "Physical abuse", "Sexual abuse")
NEED = (
    "N1 - Abuse or neglect",
    "N2 - Child's disability or illness",
    "N4 - Family in acute stress",
    "N5 - Family dysfunction",
)
LEGAL = ("C2 - Full care order", "V2 - Single period of accommodation under section 20")
SECOND_PERIOD = "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)"
AGES = {"leaving": (16, 21), "care": (1, 17), "protection": (0, 15)}
LENGTHS = {
    "early_help": (60, 240),
    "referral": (6, 176),
    "assessment": (15, 60),
    "need": (120, 520),
    "protection": (150, 480),
    "care": (200, 2400),
    "leaving": (250, 1500),
}
"""How many days ago an episode began, at least and at most."""
STATUS = {"assessment": "d) Open assessment", "need": "c) Child in need plan", "protection": "b) Child Protection plan",
          "care": "a) Looked after child"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Child:
    """One invented child. `began`, `ends`: their present episode; days of visits come every `rhythm` days."""

    number: int
    reference: str
    path: str
    team: str
    worker: str
    gender: str
    ethnicity: str
    born_on: date
    disabled: bool
    began: date
    ends: date | None
    rhythm: int

    def last(self, every: int, as_at: date) -> date | None:
        """The latest of something that happens every so many days from the beginning on, by a day."""
        until = min(as_at, self.ends or as_at)
        times = (until - self.began).days // every
        return self.began + timedelta(days=times * every) if times > 0 else None


def children(today: date) -> tuple[Child, ...]:
    """The children of Anyshire, their stories laid out so that half a year before today and today are both full."""
    held = workers()
    paths = [path for path, number in PATHS.items() for _ in range(number)]
    return tuple(_child(number, path, held, today) for number, path in enumerate(paths))


def tables(today: date, as_at: date) -> dict[str, list[dict[str, Any]]]:
    """The rows of each Annex A list, heading → value, as at a day."""
    found: dict[str, list[dict[str, Any]]] = {shape.key: [] for shape in shapes()}
    for child in children(today):
        for key, row in _rows(child, as_at):
            found[key].append(_who(child) | row)
    found["11"] = [_adopters(number, as_at) for number in range(8)]
    return found


def workbook(today: date, as_at: date) -> bytes:
    """The Annex A workbook as at a day: eleven sheets with their published headings."""
    from auditapp.sheets.writing import Table
    from auditapp.sheets.writing import workbook as written

    rows = tables(today, as_at)
    sheets = []
    for shape in shapes():
        headings = [heading.name for heading in shape.headings]
        lines = [[row.get(heading) for heading in headings] for row in rows[shape.key]]
        sheets.append(Table(f"List {shape.key} {shape.title}", headings, lines))
    return written(sheets)


def _child(number: int, path: str, held: Mapping[str, tuple[str, ...]], today: date) -> Child:
    dice = random.Random(f"{SEED} child {number}")  # invented children, the same every time  # noqa: S311
    team = TEAMS_OF[path][number % len(TEAMS_OF[path])]
    young, old = AGES.get(path, (0, 17))
    began = today - timedelta(days=dice.randint(*LENGTHS[path]))
    return Child(
        number=number,
        reference=str(210_400 + number * 7),
        path=path,
        team=team,
        worker=dice.choice(held[team][:3] + held[team]),
        gender=dice.choice(("Female", "Male")),
        ethnicity=dice.choices([name for name, _ in ETHNICITIES], [share for _, share in ETHNICITIES])[0],
        born_on=today - timedelta(days=dice.randint(young * 365 + 20, old * 365 + 340)),
        disabled=SERVICE_OF[team] == "Disabled Children" or dice.random() < 0.09,
        began=began,
        ends=today - timedelta(days=dice.randint(5, 100)) if _ended(path, began, today, dice) else None,
        rhythm=dice.choice((14, 20, 21, 28, 35)),
    )


def _ended(path: str, began: date, today: date, dice: random.Random) -> bool:
    lasting = path in ("leaving", "assessment") or (today - began).days < 150
    return not lasting and dice.random() < 0.11


def _who(child: Child) -> dict[str, Any]:
    return {
        "Child Unique ID": child.reference,
        "Gender": child.gender,
        "Ethnicity": child.ethnicity,
        "Date of Birth": child.born_on,
        "Does the Child have a Disability": "Yes" if child.disabled else "No",
    }


def _whose(child: Child) -> dict[str, Any]:
    """Team and worker, with what real extracts have: a blank now and then, a spelling that nobody knows."""
    if child.number % 97 == 41:
        return {"Allocated Team": None, "Allocated Worker": None}
    odd = child.team == "Locality North 3" and child.number % 5 == 0
    team = child.team.replace("Locality", "Loc.") if odd else child.team
    worker = child.worker if child.number % 83 == 29 else as_spelt(child.worker)
    return {"Allocated Team": team, "Allocated Worker": worker}


def _rows(child: Child, as_at: date) -> Iterator[tuple[str, dict[str, Any]]]:
    if child.began > as_at or (child.ends and child.ends < as_at - HALF_A_YEAR):
        return
    ended = child.ends if child.ends and child.ends <= as_at else None
    recent = child.began > as_at - HALF_A_YEAR
    if child.path in ("referral", "assessment", "need") and recent:
        yield from _front_door(child, as_at)
    if child.path == "early_help":
        yield "2", {"Assessment start date": child.began, "Assessment completion date": ended,
                    "Organisation completing assessment": "Anyshire Early Help"}  # fmt: skip
    if child.path in ("assessment", "need", "protection") and recent:
        yield "4", _assessment(child, as_at)
    if child.path == "protection" and recent:
        yield "5", _enquiry(child, as_at)
    if child.path in STATUS:
        yield "6", _in_need(child, as_at, ended)
    if child.path == "protection":
        yield "7", _protected(child, as_at, ended)
    if child.path == "care":
        yield "8", _in_care(child, as_at, ended)
        if child.number % 17 == 0:
            yield "10", _adoption(child)
    if child.path == "leaving":
        yield "9", _leaving(child, as_at)


def _front_door(child: Child, as_at: date) -> Iterator[tuple[str, dict[str, Any]]]:
    before = child.began - timedelta(days=1)
    source = ("Police", "Schools", "Health services", "Family member, relative or carer")[child.number % 4]
    yield "1", {"Date of Contact": before, "Contact Source": source}
    yield (
        "3",
        {
            "Date of referral": child.began,
            "Referral Source": source,
            "Referral NFA?": "Yes" if child.path == "referral" and child.number % 3 == 0 else "No",
            "Number of Referrals in Last 12 Months": 2 if child.number % 5 == 0 else 1,
            **_whose(child),
        },
    )
    if child.number % 9 == 0 and as_at - child.began > timedelta(days=45):
        yield (
            "3",
            {
                "Date of referral": child.began + timedelta(days=40),
                "Referral Source": "Police",
                "Referral NFA?": "No",
                "Number of Referrals in Last 12 Months": 2,
                **_whose(child),
            },
        )


def _assessment(child: Child, as_at: date) -> dict[str, Any]:
    done = child.began + timedelta(days=38 + child.number % 20)
    return {
        "Continuous Assessment Start Date": child.began,
        "Child Seen During Continuous Assessment": "Yes",
        "Continuous Assessment Date of Authorisation": done if done <= as_at and child.path != "assessment" else None,
        "Was the child assessed as requiring LA children's social care support?": "Yes" if done <= as_at else None,
        **_whose(child),
    }


def _enquiry(child: Child, as_at: date) -> dict[str, Any]:
    conference = child.began + timedelta(days=17)
    return {
        "Strategy discussion initiating Section 47 Enquiry Start Date": child.began,
        "Was an Initial Child Protection Conference deemed unnecessary?": "No",
        "Date of Initial Child Protection Conference": conference if conference <= as_at else None,
        "Did the Initial Child Protection Conference Result in a Child Protection Plan": "Yes",
        "Number of Section 47 Enquiries in the last 12 months": 1,
        "Number of ICPCs in the last 12 months": 1,
        **_whose(child),
    }


def _in_need(child: Child, as_at: date, ended: date | None) -> dict[str, Any]:
    return {
        "CIN Start Date": child.began,
        "Primary Need Code": NEED[child.number % len(NEED)],
        "Date Child Was Last Seen": child.last(child.rhythm, as_at),
        "CIN Closure Date": ended,
        "Reason for Closure": "RC8 - Case closed after assessment" if ended else None,
        "Case Status": "e) Closed episode" if ended else STATUS[child.path],
        **_whose(child),
    }


def _protected(child: Child, as_at: date, ended: date | None) -> dict[str, Any]:
    category = ABUSE[(child.number % 7) // 2]
    return {
        "Child Protection Plan Start Date": child.began,
        "Initial Category of Abuse": category,
        "Latest Category of Abuse": category,
        "Date of the Last Statutory Visit": child.last(min(child.rhythm, 21), as_at),
        "Was the Child Seen Alone?": "Yes" if child.number % 3 else "No",
        "Date of latest review conference": child.last(90, as_at),
        "Child Protection Plan End Date": ended,
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)": "N",
        "Number of Previous Child Protection Plans": 1 if child.number % 6 == 0 else 0,
        **_whose(child),
    }


def _in_care(child: Child, as_at: date, ended: date | None) -> dict[str, Any]:
    return {
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "N",
        "Date Started to be Looked After": child.began,
        "Child's Category of Need": NEED[0],
        SECOND_PERIOD: "N",
        "Start date of current legal status": child.began,
        "Child's Legal Status": LEGAL[child.number % len(LEGAL)],
        "Date of Latest Statutory Review": child.last(160, as_at),
        "Date of Last Social Work Visit": child.last(child.rhythm, as_at),
        "What is the permanence plan for this child?": "Long-term fostering",
        "Date of Last IRO Visit / Contact to the Child": child.last(150, as_at),
        "Date of Last Health Assessment": child.last(180, as_at),
        "Date of Last Dental Check": child.last(190, as_at),
        "Number of Placements in the Last 12 months": 1 + child.number % 3,
        "Date Ceased to be Looked After": ended,
        "Reason Ceased to be Looked After": "E3 - Returned home" if ended else None,
        "Start Date of Most Recent Placement": child.began,
        "Placement Type": "U4 - Foster placement with other foster carer",
        "Placement Provider": "PR1 - Own provision (by the LA)",
        "Placement postcode": "ZZ99 3CZ",
        "Placement Location": "IN",
        "LA of Placement": "Anyshire",
        "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months": 0,
        "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months": 0,
        **_whose(child),
    }


def _adoption(child: Child) -> dict[str, Any]:
    return {
        "Date the Child Entered Care": child.began,
        "Date of Decision that Child Should be Placed for Adoption": child.began + timedelta(days=120),
    }


def _leaving(child: Child, as_at: date) -> dict[str, Any]:
    adult = child.born_on < as_at - timedelta(days=18 * 365)
    return {
        "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)": "N",
        "Allocated Personal Advisor": as_spelt(child.worker),
        "Eligibility Category": "b) Former relevant" if adult else "d) Eligible",
        "Latest Pathway Plan Review Date": child.last(170, as_at),
        "LA in Touch": "Yes",
        "Latest Date of Contact": child.last(child.rhythm, as_at),
        "Type of Accommodation": "Supported lodgings",
        "Suitability of Accommodation": "Suitable",
        "Activity Status": "F2 - Full time education",
        **_whose(child),
    }


def _adopters(number: int, as_at: date) -> dict[str, Any]:
    return {
        "Individual adopter identifier": f"A{7000 + number}",
        "Gender": "Female" if number % 2 else "Male",
        "Ethnicity": "White British",
        "Disability": "No",
        "Is the (prospective) adopter fostering for adoption?": "No",
        "Date enquiry received": as_at - timedelta(days=60 + number * 20),
    }
