"""What looks like somebody's name, date of birth, NHS number or postcode in free text.

A hint, never a refusal: it points out too much rather than too little, and people decide. The field's own phrases
(“Signs of Safety”, “Good”, “Section 47”) are known and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b")
TEN_DIGITS = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b\W{0,3}"
    r"(\d{1,2}[./ -](?:\d{1,2}|[A-Za-z]{3,9})[./ -]\d{2,4}|\d{4}-\d\d-\d\d)",
    re.IGNORECASE,
)
WORD = re.compile(r"\b(?:[A-Z]['’])?[A-Z][a-zà-öø-ÿ]+(?:['’-][A-Z][a-zà-öø-ÿ]+)*")
SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:;•\n“\"(]|\s[-–—])\s*$")

PHRASES = re.compile(
    r"Signs of (?:Safety|Wellbeing)|Graded Care Profile|Outcome Star|Three Houses|Words and Pictures"
    r"|Family Group Conference|Public Law Outline|Working Together|Children Act|Early Help"
    r"|Child (?:Protection|in Need)|Children in (?:Care|Need)|Looked After|Initial Child Protection Conference"
    r"|Core Group|Strategy (?:Discussion|Meeting)|Section \d+|Independent Reviewing Officer"
    r"|Requires Improvement(?: to be Good)?|Social (?:Worker|Care)|Team Manager|Health Visitor"
    r"|Family (?:Hub|Court|Time|Support)|Pathway Plan|Care (?:Plan|Order)|Supervision Order|Voice of the Child"
    r"|Management Oversight|Domestic (?:Abuse|Violence)|Personal Education Plan|Head of Service"
    r"|Practice (?:Lead|Manager)"
)
ORDINARY = frozenset(
    """
    Mr Mrs Ms Miss Dr
    January February March April May June July August September October November December
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays
    Saturdays Sundays Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
    Christmas Easter Ramadan Eid Diwali British English Welsh Irish Scottish Polish Romanian Urdu Punjabi Bengali
    Somali Arabic Muslim Christian Hindu Sikh Jewish Roma Traveller Black Asian White European African Caribbean
    Outstanding Good Inadequate Requires Yes No Partly Ofsted Annex Police Court Cafcass Camhs Marac Mash Mappa Lado
    School Nursery College Academy Hospital Council Service Services Team Manager Worker Officer Visitor Nurse Teacher
    Advocate Guardian Midwife Mother Father Mum Dad Mummy Daddy Nan Nana Nanny Gran Granny Grandad Grandma Grandmother
    Grandfather Aunt Auntie Uncle Sister Brother Sibling Siblings Child Children Parent Parents Carer Carers Family
    Young Person Baby Unborn Plan Plans Review Conference Meeting Visit Visits Supervision Chronology Genogram
    Assessment Referral Contact Record Case Note Notes Form Report Section Appendix North South East West Locality
    English England Wales Teams Word Excel Zoom WhatsApp God Facebook Snapchat Instagram TikTok YouTube Google Wi-Fi
    Liquidlogic Mosaic Eclipse I
    """.split()  # noqa: SIM905 (a list of a hundred words reads as words)
)
FIRST_NAMES = frozenset(
    """
    Aaron Abbie Abdul Abigail Adam Adrian Ahmed Aidan Aisha Alan Alex Alexander Alfie Ali Alice Alisha Amber Amelia
    Amina Amy Andrew Anna Anthony Archie Arthur Ava Ayesha Barbara Bella Ben Benjamin Beth Bethany Bilal Billy Brandon
    Callum Cameron Carol Caroline Charles Charlie Charlotte Chloe Chris Christopher Claire Connor Craig Daisy Daniel
    Danielle Darren David Dawn Dean Deborah Dylan Edward Eleanor Elijah Elizabeth Ella Ellie Elliot Emily Emma Erin
    Ethan Eva Evie Fatima Finley Florence Frankie Freddie Freya Gary Gemma George Georgia Grace Graham Hannah Harley
    Harriet Harrison Harry Harvey Hassan Heather Helen Henry Hollie Holly Hussain Ibrahim Imogen Isaac Isabel Isabella
    Isla Jack Jackson Jacob Jade Jake James Jamie Jasmine Jason Jayden Jennifer Jessica Joanna Joe Joel John Jordan
    Joseph Joshua Julie Kai Karen Kate Katie Kayden Kayla Keira Kelly Kevin Khadija Kian Kieran Kyle Lacey Laura
    Lauren Layla Leah Leanne Lee Leo Lewis Lexi Liam Lily Linda Lisa Logan Lola Louie Louis Louise Lucas Lucy Luke
    Lydia Madison Maisie Maria Maryam Mason Matilda Matthew Max Maya Megan Mia Michael Michelle Mike Millie Mohamed
    Mohammed Molly Muhammad Nathan Niamh Nicholas Nicola Nicole Noah Olivia Ollie Omar Oscar Owen Paige Patrick Paul
    Peter Phoebe Poppy Rachel Rebecca Reece Rhys Riley Robert Ronnie Rory Rosie Ruby Ryan Samantha Samuel Sara Sarah
    Scarlett Scott Sean Sharon Shaun Sienna Simon Skye Sophia Sophie Stacey Stephen Steven Stuart Summer Susan Tamsin
    Tanya Thomas Tia Toby Tom Tommy Tracey Tyler Victoria Wayne William Yasmin Yusuf Zachary Zainab Zara Zoe
    """.split()  # noqa: SIM905 (as above)
)


@dataclass(frozen=True, slots=True)
class Spotted:
    """One thing that looks like personal data: what kind it seems to be, and the words themselves."""

    kind: str
    words: str


def spot(text: str) -> tuple[Spotted, ...]:
    """Find what looks like personal data in a text, each only once, in the order met within each kind."""
    found = [Spotted("a date of birth", match[1]) for match in BORN.finditer(text)]
    found += [
        Spotted("an NHS number", match[0])
        for match in TEN_DIGITS.finditer(text)
        if is_nhs_number("".join(match.groups()))
    ]
    found += [Spotted("a postcode", match[0]) for match in POSTCODE.finditer(text)]
    found += [Spotted("a name", name) for name in _names(PHRASES.sub(lambda match: match[0].lower(), text))]
    return tuple(dict.fromkeys(found))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the NHS number's check digit (weights 10 to 2, modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _names(text: str) -> Iterator[str]:
    run: list[re.Match[str]] = []
    for match in WORD.finditer(text):
        if run and text[run[-1].end() : match.start()] != " ":
            yield from _named(text, run)
            run = []
        run.append(match)
    yield from _named(text, run)


def _named(text: str, run: list[re.Match[str]]) -> Iterator[str]:
    """Take a run of neighbouring capitalised words for a name, once ordinary words at its ends are left off."""
    words = [match for match in run if match[0] not in ORDINARY and not _opens_plainly(text, match)]
    if words:
        yield text[words[0].start() : words[-1].end()]


def _opens_plainly(text: str, match: re.Match[str]) -> bool:
    """Whether a capital only says that a sentence begins; a well-known first name is pointed out even there."""
    begins = bool(SENTENCE_BEGINS.search(text[max(0, match.start() - 5) : match.start()]))
    return begins and match[0] not in FIRST_NAMES
