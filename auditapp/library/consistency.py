"""What must hold within a definition beyond the shape of each value: unique keys, conditions, options, descriptors.

Works on the plain document (as YAML or JSON gave it) so that a file whose values are faulty too is told of everything
at once. Values of the wrong shape are passed over here: the models name those.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.library.asking import AnswerKind, CommentWanted, OverallGrade
from auditapp.library.scales import SCALES, Scale, ScaleKey

Path = tuple[str | int, ...]
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that a document breaks: where (keys and list positions from 0), and why as a sentence."""

    path: Path
    why: str


def faults(document: Plain) -> Iterator[Broken]:
    """Every rule that this document breaks, in the order of the document."""
    yield from _overall(document)
    yield from _repeated(document)
    scale = _scale(document) or SCALES[ScaleKey.OFSTED]
    earlier: dict[str, Plain] = {}
    for path, domain in _listed(document, "domains"):
        yield from _condition(path, domain, earlier)
        yield from _descriptors(path, domain, tuple(mark.key for mark in scale.marks))
        yield from _something_to_do(path, domain)
        for place, question in _listed(domain, "questions"):
            at = (*path, *place)
            yield from _condition(at, question, earlier)
            yield from _answer(at, question)
            if isinstance(question.get("key"), str):
                earlier.setdefault(question["key"], question)


def unknown_themes(document: Plain, themes: Collection[str]) -> Iterator[Broken]:
    """Every question that speaks to a theme which the council does not have."""
    for path, question in questions(document):
        theme = question.get("theme")
        if isinstance(theme, str) and theme not in themes:
            yield Broken((*path, "theme"), f"There is no theme “{theme}” in the council’s list.")


def changed_measures(document: Plain, register: Mapping[str, str]) -> Iterator[Broken]:
    """Every question whose answer kind, scale or unit differs from the one that its key already stands for.

    `register` maps a question's council-wide key to its `Question.measured_as`.
    """
    for path, question in questions(document):
        held = register.get(str(question.get("key")))
        now = _measured_as(question)
        if held is not None and held != now:
            yield Broken(
                (*path, "answer"),
                f"“{question['key']}” is already used for a question answered by “{held}”, here it is “{now}”. "
                "Give the new question a key of its own, so that figures of the two are never mixed.",
            )


def questions(document: Plain) -> Iterator[tuple[Path, Plain]]:
    """Every question of a plain document with the path to it."""
    for path, domain in _listed(document, "domains"):
        for place, question in _listed(domain, "questions"):
            yield (*path, *place), question


def _listed(holder: Plain, name: str) -> Iterator[tuple[Path, Plain]]:
    items = holder.get(name)
    for place, item in enumerate(items if isinstance(items, Sequence) and not isinstance(items, str) else ()):
        if isinstance(item, Mapping):
            yield (name, place), item


def _text(part: Plain, name: str) -> str:
    value = part.get(name)
    return value if isinstance(value, str) else ""


def _kind(question: Plain) -> str:
    return _text(question, "answer") or AnswerKind.YES_PARTLY_NO.value


def _scale(part: Plain) -> Scale | None:
    key = _text(part, "scale")
    return SCALES[ScaleKey(key)] if key in tuple(ScaleKey) else None


def _measured_as(question: Plain) -> str:
    return ":".join(filter(None, (_kind(question), _text(question, "scale"), _text(question, "unit"))))


def _overall(document: Plain) -> Iterator[Broken]:
    judged = [domain for _, domain in _listed(document, "domains") if domain.get("judged", True)]
    if document.get("overall") == OverallGrade.DOMAIN and len(judged) != 1:
        yield Broken(
            ("overall",), f"“domain” is for a template with exactly one judged domain; this one has {len(judged)}."
        )
    if document.get("overall") == OverallGrade.DOMAIN and any(domain.get("condition") for domain in judged):
        yield Broken(("overall",), "“domain” needs a domain that is always asked; this one has a condition.")


def _repeated(document: Plain) -> Iterator[Broken]:
    yield from _twice(list(_listed(document, "domains")), "domain")
    yield from _twice(list(questions(document)), "question")
    for path, question in questions(document):
        yield from _twice([((*path, *at), option) for at, option in _listed(question, "options")], "option")


def _twice(items: list[tuple[Path, Plain]], what: str) -> Iterator[Broken]:
    seen: set[str] = set()
    for path, item in items:
        key = item.get("key")
        if isinstance(key, str) and key in seen:
            yield Broken((*path, "key"), f"The key “{key}” is used by an earlier {what} of this template.")
        elif isinstance(key, str):
            seen.add(key)


def _condition(path: Path, part: Plain, earlier: Mapping[str, Plain]) -> Iterator[Broken]:
    condition = part.get("condition")
    if not isinstance(condition, Mapping) or not isinstance(condition.get("question"), str):
        return
    asked = earlier.get(condition["question"])
    at = (*path, "condition")
    if asked is None:
        yield Broken(
            (*at, "question"), f"“{condition['question']}” is not the key of an earlier question of this template."
        )
        return
    offered = _offered(asked)
    if not offered:
        yield Broken((*at, "question"), f"“{asked['key']}” has no answers to choose from, so nothing can depend on it.")
        return
    wanted = condition.get("any_of")
    for place, key in enumerate(wanted if isinstance(wanted, (list, tuple)) else ()):
        if key not in offered:
            yield Broken((*at, "any_of", place), f"“{key}” is not an answer of “{asked['key']}”: {_or(offered)}.")


def _offered(question: Plain) -> tuple[str, ...]:
    kind = _kind(question)
    if kind in (AnswerKind.CHOICE, AnswerKind.SEVERAL):
        return tuple(str(option.get("key")) for _, option in _listed(question, "options"))
    scale = SCALES[ScaleKey.YES_PARTLY_NO] if kind == AnswerKind.YES_PARTLY_NO else _scale(question)
    return tuple(mark.key for mark in scale.marks) if scale else ()


def _answer(path: Path, question: Plain) -> Iterator[Broken]:
    kind = _kind(question)
    chosen = kind in (AnswerKind.CHOICE, AnswerKind.SEVERAL)
    if chosen and len(list(_listed(question, "options"))) < 2:
        yield Broken((*path, "options"), "A choice needs at least two options, each with a key and a label.")
    if kind == AnswerKind.SCALE and not question.get("scale"):
        yield Broken((*path, "scale"), f"Say which scale: {_or(_MARKED_SCALES)}.")
    if kind == AnswerKind.SCALE and question.get("scale") == ScaleKey.WRITTEN:
        yield Broken((*path, "scale"), "A written evaluation has no marks; use the answer kind “text”.")
    for name, wanted in _BELONGS.items():
        if question.get(name) and kind not in wanted:
            yield Broken((*path, name), f"This belongs only to a question answered by {_or(wanted)}, not “{kind}”.")
    if question.get("comment") == CommentWanted.ON_PARTLY_AND_NO and kind != AnswerKind.YES_PARTLY_NO:
        yield Broken((*path, "comment"), f"“on_partly_and_no” is only for yes_partly_no questions, not “{kind}”.")
    least, most = question.get("minimum"), question.get("maximum")
    if isinstance(least, (int, float)) and isinstance(most, (int, float)) and least > most:
        yield Broken((*path, "minimum"), f"The minimum {least:g} is above the maximum {most:g}.")


_MARKED_SCALES = tuple(key.value for key, scale in SCALES.items() if scale.marks and key != ScaleKey.YES_PARTLY_NO)
_BELONGS: Mapping[str, tuple[str, ...]] = {
    "options": (AnswerKind.CHOICE, AnswerKind.SEVERAL),
    "scale": (AnswerKind.SCALE,),
    "unit": (AnswerKind.NUMBER,),
    "minimum": (AnswerKind.NUMBER,),
    "maximum": (AnswerKind.NUMBER,),
    "not_future": (AnswerKind.DATE,),
}


def _descriptors(path: Path, domain: Plain, marks: tuple[str, ...]) -> Iterator[Broken]:
    at = (*path, "looks_like")
    given = domain.get("looks_like")
    described = given if isinstance(given, Mapping) else {}
    if not domain.get("judged", True):
        if described:
            yield Broken(at, "This domain is not judged, so no grade needs describing.")
        return
    for key in described:
        if key not in marks:
            yield Broken((*at, key), f"“{key}” is not a mark of this template’s scale: {_or(marks) or 'it has none'}.")
    missing = [mark for mark in marks if mark not in described] if len(marks) <= 4 else []
    if missing:
        yield Broken(
            at, f"Say what this looks like here: {_and(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        )


def _something_to_do(path: Path, domain: Plain) -> Iterator[Broken]:
    if not domain.get("judged", True) and not domain.get("questions"):
        yield Broken(path, "This domain is not judged and asks nothing.")


def _or(words: Sequence[str]) -> str:
    return _joined(words, "or")


def _and(words: Sequence[str]) -> str:
    return _joined(words, "and")


def _joined(words: Sequence[str], last: str) -> str:
    quoted = [f"“{word}”" for word in words]
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))) if quoted else ""
