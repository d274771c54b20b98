"""The kinds of audit and the stages of a child's journey: words that templates, audits and reports share."""

from __future__ import annotations

from enum import StrEnum


class AuditKind(StrEnum):
    """Why an audit is done. Kinds are never added up in one share."""

    MONTHLY = "monthly"
    DIP_SAMPLE = "dip_sample"
    THEMATIC = "thematic"
    OBSERVATION = "observation"
    CLOSURE = "closure"
    RE_AUDIT = "re_audit"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return _KINDS[self]


_KINDS = {
    AuditKind.MONTHLY: "Monthly learning audit",
    AuditKind.DIP_SAMPLE: "Dip sample",
    AuditKind.THEMATIC: "Thematic audit",
    AuditKind.OBSERVATION: "Practice observation",
    AuditKind.CLOSURE: "Closure audit",
    AuditKind.RE_AUDIT: "Re-audit",
}


class JourneyStage(StrEnum):
    """Where a child stood in their journey when the audit looked."""

    EARLY_HELP = "early_help"
    FRONT_DOOR = "front_door"
    ASSESSMENT = "assessment"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"
    PRE_PROCEEDINGS = "pre_proceedings"
    IN_CARE = "in_care"
    LEAVING_CARE = "leaving_care"
    CLOSURE = "closure"

    @property
    def words(self) -> str:
        """The stage as people say it."""
        return _STAGES[self]


_STAGES = {
    JourneyStage.EARLY_HELP: "Early help",
    JourneyStage.FRONT_DOOR: "Front door",
    JourneyStage.ASSESSMENT: "Assessment",
    JourneyStage.CHILD_IN_NEED: "Child in need",
    JourneyStage.CHILD_PROTECTION: "Child protection",
    JourneyStage.PRE_PROCEEDINGS: "Pre-proceedings",
    JourneyStage.IN_CARE: "In care",
    JourneyStage.LEAVING_CARE: "Leaving care",
    JourneyStage.CLOSURE: "Closure",
}
