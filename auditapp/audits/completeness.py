"""What an audit still needs before it can be submitted, and how far each of its sections is.

Only what the answers call for is asked: a question or domain whose condition does not hold needs nothing, whatever
was once recorded there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from auditapp.audits.recorded import GOOD, Conversation, Drafted, Found, Judged, Recorded
from auditapp.library.asking import OverallGrade
from auditapp.library.scales import ScaleKey

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Domain, Question

CONVERSATION = "conversation"
OVERALL = "overall"


class State(StrEnum):
    """How far a section is, in the words that the task list shows."""

    NOT_STARTED = "Not yet started"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    CANNOT_START = "Cannot start yet"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: a sentence, the section to mend it in, and the field there (an id on its page)."""

    section: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the task list: a domain (by key), the conversation or the overall judgement.

    `waits_for` is the text of the question that decides whether the domain is asked at all.
    """

    section: str
    title: str
    state: State
    waits_for: str = ""


def asks_conversation(recorded: Recorded) -> bool:
    """Whether this audit is to be talked through; a dip sample is not."""
    return not recorded.dip_sample


def asks_overall(definition: Definition) -> bool:
    """Whether there is anything to say over all domains that a single domain's page has not asked already."""
    return definition.overall is not OverallGrade.DOMAIN


def grades_overall(definition: Definition) -> bool:
    """Whether the overall page asks for a mark."""
    return definition.overall in (OverallGrade.REQUIRED, OverallGrade.OPTIONAL) and bool(definition.marks.marks)


def good_enough(definition: Definition, mark: str) -> bool:
    """Whether a mark is Good or better; on another scale than Ofsted's, whether it is the best one."""
    rank = definition.marks.mark(mark).rank
    if definition.scale is ScaleKey.OFSTED:
        return rank is None or rank >= GOOD
    return rank is None or rank == max(other.rank or 0 for other in definition.marks.marks)


def wants_effect(definition: Definition, mark: str, *, dip_sample: bool) -> bool:
    """Whether a domain with this mark must say what it meant for the child.

    Always below Good; and in a template whose one domain stands for the whole, because there it is asked only once.
    """
    if mark and not good_enough(definition, mark):
        return True
    return definition.overall is OverallGrade.DOMAIN and not dip_sample


def steps(definition: Definition, recorded: Recorded) -> tuple[Step, ...]:
    """Give the task list in order: each domain that is or may yet be asked, the conversation, the overall judgement."""
    in_play = {domain.key for domain in definition.in_play(recorded.answers)}
    found: list[Step] = []
    for domain in definition.domains:
        if domain.key in in_play:
            found.append(Step(domain.key, domain.title, _domain_state(definition, domain, recorded)))
        elif waits := definition.waits_for(domain, recorded.answers):
            found.append(Step(domain.key, domain.title, State.CANNOT_START, waits.text))
    if asks_conversation(recorded):
        found.append(Step(CONVERSATION, "The conversation", _conversation_state(recorded)))
    if asks_overall(definition):
        title = "Overall judgement" if grades_overall(definition) else "So what for this child?"
        found.append(Step(OVERALL, title, _overall_state(definition, recorded)))
    return tuple(found)


def gaps(definition: Definition, recorded: Recorded) -> tuple[Gap, ...]:
    """Give everything that is missing before submission, in the task list's order; none when it may be submitted."""
    found: list[Gap] = []
    for domain in definition.in_play(recorded.answers):
        found += domain_gaps(definition, domain, recorded)
    if asks_conversation(recorded):
        found += conversation_gaps(recorded.conversation)
    if asks_overall(definition):
        found += overall_gaps(definition, recorded)
    return tuple(found)


def still_missing(definition: Definition, recorded: Recorded) -> tuple[Gap, ...]:
    """Give what is missing as a reader counts it: a section that nobody has begun is one thing, with its title."""
    untouched = {step.section: step.title for step in steps(definition, recorded) if step.state is State.NOT_STARTED}
    found: dict[tuple[str, str], Gap] = {}
    for gap in gaps(definition, recorded):
        if gap.section in untouched:
            gap = Gap(gap.section, "", f"{untouched[gap.section]} is not yet started.")
        found.setdefault((gap.section, gap.sentence), gap)
    return tuple(found.values())


def domain_gaps(definition: Definition, domain: Domain, recorded: Recorded) -> tuple[Gap, ...]:
    """Give what one domain's page still needs."""
    found: list[Gap] = []
    for question in definition.visible(domain, recorded.answers):
        found += _question_gaps(domain, question, recorded)
    if domain.judged:
        found += _judgement_gaps(definition, domain, recorded.judged.get(domain.key, Judged()), recorded.dip_sample)
    for number, finding in _numbered_findings(recorded.findings.get(domain.key, ())):
        found += _finding_gaps(domain, number, finding)
    for place, action in enumerate(recorded.actions.get(domain.key, ())):
        found += _action_gaps(domain, place, action)
    return tuple(found)


def conversation_gaps(conversation: Conversation) -> tuple[Gap, ...]:
    """Give what the conversation's page still needs: its day and people, or the reason why there was none."""
    if conversation.not_held:
        if conversation.not_held == "other" and not conversation.not_held_why:
            return (Gap(CONVERSATION, "not_held_why", "Say why there was no conversation."),)
        return ()
    if conversation.on is None:
        return (
            Gap(CONVERSATION, "held", "Enter the day of the conversation with the worker, or say why there was none."),
        )
    if not conversation.took_part:
        return (Gap(CONVERSATION, "took_part", "Say who took part in the conversation."),)
    return ()


def overall_gaps(definition: Definition, recorded: Recorded) -> tuple[Gap, ...]:
    """Give what the overall page still needs."""
    overall = recorded.judged.get("", Judged())
    found: list[Gap] = []
    if (
        definition.overall is OverallGrade.REQUIRED
        and definition.marks.marks
        and not recorded.dip_sample
        and not overall.mark
    ):
        found.append(Gap(OVERALL, "mark", "Choose the overall judgement."))
    if grades_overall(definition) and overall.mark and not overall.evidence:
        found.append(Gap(OVERALL, "evidence", "Say why you chose this overall judgement."))
    if not recorded.so_what and not recorded.dip_sample:
        found.append(Gap(OVERALL, "so_what", "Say what this work has meant for the child."))
    return tuple(found)


def submitted_part(definition: Definition, recorded: Recorded) -> tuple[frozenset[str], frozenset[str]]:
    """Give the keys of the questions and of the domains that count: what is not called for is not submitted."""
    domains = definition.in_play(recorded.answers)
    questions = {question.key for domain in domains for question in definition.visible(domain, recorded.answers)}
    return frozenset(questions), frozenset(domain.key for domain in domains)


def _question_gaps(domain: Domain, question: Question, recorded: Recorded) -> Iterator[Gap]:
    value = recorded.answers.get(question.key)
    if question.required and not value:
        yield Gap(domain.key, f"q_{question.key}", f"{domain.title}: answer “{question.text}”")
    elif value and question.wants_comment(value) and not recorded.comments.get(question.key):
        yield Gap(
            domain.key,
            f"c_{question.key}",
            f"{domain.title}: say what you saw, for “{question.text}”",
        )


def _judgement_gaps(definition: Definition, domain: Domain, judged: Judged, dip_sample: bool) -> Iterator[Gap]:
    if not judged.mark and definition.marks.marks and not dip_sample:
        yield Gap(domain.key, "mark", f"{domain.title}: choose a judgement.")
    wanted = bool(judged.mark) or not dip_sample
    if wanted and not judged.evidence:
        yield Gap(domain.key, "evidence", f"{domain.title}: give the evidence for your judgement.")
    if wants_effect(definition, judged.mark, dip_sample=dip_sample) and not judged.effect:
        yield Gap(domain.key, "effect", f"{domain.title}: say what this has meant for the child.")


def _numbered_findings(findings: Iterable[Found]) -> Iterator[tuple[int, Found]]:
    """Number findings within their kind, from 0, as the page does."""
    counts: dict[str, int] = {}
    for finding in findings:
        number = counts.get(finding.kind, 0)
        counts[finding.kind] = number + 1
        yield number, finding


def _finding_gaps(domain: Domain, number: int, finding: Found) -> Iterator[Gap]:
    called = f"{'strength' if finding.kind == 'strength' else 'area for learning'} {number + 1}"
    place = f"{finding.kind}-{number}"
    if not finding.words:
        yield Gap(domain.key, f"{place}-words", f"{domain.title}: say what you found, in {called}, or clear it.")
    if not finding.theme_key:
        yield Gap(domain.key, f"{place}-theme", f"{domain.title}: choose the theme of {called}.")


def _action_gaps(domain: Domain, place: int, action: Drafted) -> Iterator[Gap]:
    called = f"action {place + 1}"
    if not action.what:
        yield Gap(
            domain.key, f"action-{place}-what", f"{domain.title}: say what is to be done, in {called}, or clear it."
        )
    if action.owner_id is None:
        yield Gap(domain.key, f"action-{place}-owner", f"{domain.title}: choose who will do {called}.")
    if action.due_on is None:
        yield Gap(domain.key, f"action-{place}-due", f"{domain.title}: say by when {called} will be done.")


def _domain_state(definition: Definition, domain: Domain, recorded: Recorded) -> State:
    if domain.key not in recorded.saved:
        return State.NOT_STARTED
    return State.IN_PROGRESS if domain_gaps(definition, domain, recorded) else State.COMPLETED


def _conversation_state(recorded: Recorded) -> State:
    conversation = recorded.conversation
    if not (conversation.on or conversation.took_part or conversation.not_held):
        return State.NOT_STARTED
    return State.IN_PROGRESS if conversation_gaps(conversation) else State.COMPLETED


def _overall_state(definition: Definition, recorded: Recorded) -> State:
    if not (recorded.judged.get("") or recorded.so_what):
        return State.NOT_STARTED
    return State.IN_PROGRESS if overall_gaps(definition, recorded) else State.COMPLETED
