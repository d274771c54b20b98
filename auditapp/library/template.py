"""An audit template as one immutable document: what is asked, and what each grade looks like here.

Everything is frozen and hashable; what `Definition.as_document` returns is what the database keeps for ever, and
`sha256` proves it. Pydantic is heavy: import this file inside the function that needs it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from auditapp.library.asking import AnswerKind, CommentWanted, ImportedFact, OverallGrade
from auditapp.library.consistency import faults
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.library.scales import SCALES, Scale, ScaleKey

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]

AnswerValue = str | Sequence[str] | None
"""What was answered: the key of a mark or option, several keys, words, a number or ISO date as text; None: nothing."""


def _pairs(value: object) -> object:
    """A mapping as pairs in one order, so that it can be frozen; anything else is left to fail as what it is."""
    return tuple(sorted(value.items(), key=lambda pair: str(pair[0]))) if isinstance(value, Mapping) else value


Descriptors = Annotated[
    tuple[tuple[str, Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]], ...],
    BeforeValidator(_pairs),
    PlainSerializer(dict, return_type=dict[str, str]),
]


class Part(BaseModel):
    """Every part of a definition: frozen, and a setting that nobody knows is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Option(Part):
    """One answer of a choice: the key that is kept, and the words that are read."""

    key: Key
    label: Line


class Condition(Part):
    """Ask only when an earlier question of the same document was answered with one of these keys."""

    question: Key
    any_of: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]

    def holds(self, answer: AnswerValue) -> bool:
        """Whether this answer lets the question be asked. No answer never does."""
        given = [answer] if isinstance(answer, str) else (answer or ())
        return any(key in self.any_of for key in given)


class Question(Part):
    """One thing that is asked. Its key is council-wide: the same key in two templates asks the same thing."""

    key: Key
    text: Line
    guidance: Words = ""
    answer: AnswerKind = AnswerKind.YES_PARTLY_NO
    scale: ScaleKey | None = None
    options: Annotated[tuple[Option, ...], Field(max_length=20)] = ()
    comment: CommentWanted | None = None
    condition: Condition | None = None
    theme: Key | None = None
    required: bool = True
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] = ""
    minimum: float | None = None
    maximum: float | None = None
    not_future: bool = False
    fact: ImportedFact | None = None

    @property
    def choices(self) -> tuple[Option, ...]:
        """What can be chosen, in order: for yes/partly/no and scales too. Empty for words, numbers and dates."""
        marks = SCALES[self.on_scale].marks if self.on_scale else ()
        return self.options or tuple(Option.model_construct(key=mark.key, label=mark.word) for mark in marks)

    @property
    def on_scale(self) -> ScaleKey | None:
        """The scale of the answer, where it has one."""
        return ScaleKey.YES_PARTLY_NO if self.answer is AnswerKind.YES_PARTLY_NO else self.scale

    @property
    def measured_as(self) -> str:
        """The answer kind with its scale or unit: what must stay the same under one key, or figures would mix."""
        return ":".join(filter(None, (self.answer.value, self.scale, self.unit)))

    @property
    def comment_wanted(self) -> CommentWanted:
        """When a comment is asked for; unless the definition says, on partly and no, and never beside other kinds."""
        if self.comment is not None:
            return self.comment
        on_a_doubt = self.answer is AnswerKind.YES_PARTLY_NO
        return CommentWanted.ON_PARTLY_AND_NO if on_a_doubt else CommentWanted.NEVER

    def wants_comment(self, answer: AnswerValue) -> bool:
        """Whether this answer should come with a few words of evidence."""
        if self.comment_wanted is CommentWanted.ON_PARTLY_AND_NO:
            return answer in ("partly", "no")
        return self.comment_wanted is CommentWanted.ALWAYS and bool(answer)

    def label(self, key: str) -> str:
        """The words of one chosen key; a key that this question does not offer comes back as it is."""
        return next((option.label for option in self.choices if option.key == key), key)


class Domain(Part):
    """A judged section. Its key is council-wide, like a question's."""

    key: Key
    title: Line
    guidance: Words = ""
    judged: bool = True
    looks_like: Descriptors = ()
    condition: Condition | None = None
    questions: Annotated[tuple[Question, ...], Field(max_length=40)] = ()

    def descriptor(self, mark: str) -> str:
        """What this mark looks like *here*; empty where the definition does not say."""
        return dict(self.looks_like).get(mark, "")


class Definition(Part):
    """A whole template: the document that publishing freezes."""

    key: Key
    title: Line
    summary: Words
    kinds: Annotated[tuple[AuditKind, ...], Field(min_length=1)]
    stages: tuple[JourneyStage, ...] = ()
    window: Words = ""
    scale: ScaleKey = ScaleKey.OFSTED
    overall: OverallGrade = OverallGrade.REQUIRED
    domains: Annotated[tuple[Domain, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if broken := list(faults(self.model_dump(mode="json"))):
            raise ValueError(" ".join(fault.why for fault in broken))
        return self

    @cached_property
    def canonical(self) -> str:
        """The document as JSON text, the same for the same content: sorted keys, nothing that is a default."""
        return json.dumps(self.as_document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of `canonical`, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def as_document(self) -> dict[str, Any]:
        """The plain JSON document that the database keeps; `Definition.model_validate` reads it back."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def marks(self) -> Scale:
        """The scale on which domains and the whole are judged."""
        return SCALES[self.scale]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order in which it is asked."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @property
    def judged_domains(self) -> tuple[Domain, ...]:
        """The domains that get a judgement."""
        return tuple(domain for domain in self.domains if domain.judged)

    @property
    def themes(self) -> tuple[str, ...]:
        """The keys of the themes that this template speaks to, each once, in the order met."""
        return tuple(dict.fromkeys(question.theme for question in self.questions if question.theme))

    def domain(self, key: str) -> Domain:
        """The domain of this key; raises KeyError."""
        return self._domains[key]

    def question(self, key: str) -> Question:
        """The question of this key; raises KeyError."""
        return self._questions[key]

    def in_play(self, answers: Mapping[str, AnswerValue]) -> tuple[Domain, ...]:
        """The domains that these answers call for, whole: those without a condition, or whose condition holds."""
        return tuple(domain for domain, _ in self._asked(answers))

    def visible(self, domain: Domain | str, answers: Mapping[str, AnswerValue]) -> tuple[Question, ...]:
        """The questions of one domain that these answers call for.

        A condition on a question that is itself not asked does not hold, whatever was once answered there.
        """
        key = domain if isinstance(domain, str) else domain.key
        return next((questions for shown, questions in self._asked(answers) if shown.key == key), ())

    def waits_for(self, domain: Domain | str, answers: Mapping[str, AnswerValue]) -> Question | None:
        """The question that decides whether this domain is asked at all, while that is not answered yet; else None."""
        condition = (self.domain(domain) if isinstance(domain, str) else domain).condition
        return self.question(condition.question) if condition and not answers.get(condition.question) else None

    def when(self, condition: Condition) -> str:
        """A condition in words: 'Asked when “Is there a chronology?” is answered “Yes” or “Partly”.'"""
        question = self.question(condition.question)
        wanted = " or ".join(f"“{question.label(key)}”" for key in condition.any_of)
        return f"Asked when “{question.text}” is answered {wanted}."

    @cached_property
    def _domains(self) -> dict[str, Domain]:
        return {domain.key: domain for domain in self.domains}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    def _asked(self, answers: Mapping[str, AnswerValue]) -> Iterator[tuple[Domain, tuple[Question, ...]]]:
        asked: set[str] = set()

        def called_for(part: Domain | Question) -> bool:
            need = part.condition
            return need is None or (need.question in asked and need.holds(answers.get(need.question)))

        for domain in filter(called_for, self.domains):
            shown: list[Question] = []
            for question in filter(called_for, domain.questions):
                asked.add(question.key)
                shown.append(question)
            yield domain, tuple(shown)
