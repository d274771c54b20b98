"""How a definition asks: kinds of answer, when a comment is wanted, whether the whole is judged, what an import knows.

Cheap to import: plain enumerations with their printed words.
"""

from __future__ import annotations

from enum import StrEnum


class AnswerKind(StrEnum):
    """How a question is answered."""

    YES_PARTLY_NO = "yes_partly_no"
    SCALE = "scale"
    CHOICE = "choice"
    SEVERAL = "several"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return _ANSWERS[self]


_ANSWERS = {
    AnswerKind.YES_PARTLY_NO: "Yes, partly, no or not applicable",
    AnswerKind.SCALE: "A mark on a scale",
    AnswerKind.CHOICE: "One of several",
    AnswerKind.SEVERAL: "Any of several",
    AnswerKind.TEXT: "Words",
    AnswerKind.NUMBER: "A number",
    AnswerKind.DATE: "A date",
}


class CommentWanted(StrEnum):
    """When a few words of evidence are asked for beside an answer."""

    ALWAYS = "always"
    ON_PARTLY_AND_NO = "on_partly_and_no"
    NEVER = "never"

    @property
    def words(self) -> str:
        """The rule as a template's page prints it."""
        return _COMMENTS[self]


_COMMENTS = {
    CommentWanted.ALWAYS: "Evidence is always asked for",
    CommentWanted.ON_PARTLY_AND_NO: "Evidence is asked for when the answer is partly or no",
    CommentWanted.NEVER: "",
}


class OverallGrade(StrEnum):
    """Whether the audit as a whole gets a judgement."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"
    DOMAIN = "domain"

    @property
    def words(self) -> str:
        """The rule as a template's page prints it."""
        return _OVERALL[self]


_OVERALL = {
    OverallGrade.REQUIRED: "The audit ends with an overall judgement.",
    OverallGrade.OPTIONAL: "An overall judgement may be given.",
    OverallGrade.NONE: "There is no overall judgement.",
    OverallGrade.DOMAIN: "The judgement of its one domain stands for the whole audit.",
}


class ImportedFact(StrEnum):
    """What an import may know already, so that an auditor need not look for it."""

    STATUS = "status"
    LAST_SEEN = "last_seen"
    SEEN_ALONE = "seen_alone"
    LATEST_REVIEW = "latest_review"
    STARTED = "started"
