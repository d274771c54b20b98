"""A definition written in YAML, read whole or refused whole with every fault named by file, line and key.

The file is untrusted: size, depth and number of values are limited before anything is built; anchors, aliases and tags
are refused, so that nothing can swell or become an object. ruamel and pydantic are heavy: import this file inside the
function that needs it.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditapp.library.consistency import Broken, Path, Plain, changed_measures, faults, unknown_themes
from auditapp.library.template import Condition, Definition, Domain, Option, Question

LARGEST = 256 * 1024
"""Bytes of one definition file; the longest shipped one has about 30,000."""
DEEPEST = 12
MOST_VALUES = 10_000
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that databases and workbooks cannot keep; tab and line end can be."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file: where (line from 1; key path), and why as a sentence."""

    file: str
    line: int
    key: str
    why: str

    def __str__(self) -> str:
        """As an editor's own message reads: `plans.yaml:12: domains.plan.questions.who: …`."""
        return f"{self.file}:{self.line}: {self.key + ': ' if self.key else ''}{self.why}"


class FaultyFileError(Exception):
    """A file that was not taken; `faults` names everything that is wrong with it, in the order of its lines."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.faults = tuple(found)


@dataclass(frozen=True, slots=True)
class Council:
    """What a council has already: a file is read against it.

    `themes`: keys of its themes, or None to leave them unchecked. `domains`: those a file may take in by `from`.
    `measures`: what each question key in use is answered by (`Question.measured_as`).
    """

    themes: Collection[str] | None = None
    domains: Mapping[str, Domain] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)


def read(content: bytes | str, file: str, council: Council | None = None) -> Definition:
    """The definition that a YAML file holds.

    A domain written as `from: management_oversight` is the council's domain of that key, whole; `title`, `guidance` and
    `condition` may be said anew beside it. Raises FaultyFileError with every fault found.
    """
    council = council or Council()
    document, lines = _parsed(content, file)
    document, borrowed = _with_borrowed(document, council.domains)
    broken = [*borrowed, *_shape(document), *faults(document), *_against(document, council)]
    if broken:
        raise FaultyFileError(
            sorted({_located(one, document, lines, file) for one in broken}, key=lambda f: (f.line, f.key))
        )
    return Definition.model_validate(document)


def export(definition: Definition) -> str:
    """The definition as YAML that `read` takes back unchanged; borrowed domains stand in full."""
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 110
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # its stubs say None
    writer.indent(mapping=2, sequence=4, offset=2)
    document = definition.as_document()
    for domain in document["domains"]:
        if described := domain.get("looks_like"):
            domain["looks_like"] = {
                mark.key: described[mark.key] for mark in definition.marks.marks if mark.key in described
            }
    page = io.StringIO()
    writer.dump(document, page)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def _against(document: Plain, council: Council) -> Iterator[Broken]:
    if council.themes is not None:
        yield from unknown_themes(document, council.themes)
    yield from changed_measures(document, council.measures)


# Parsing: text → plain values, with the line of each path.


def _parsed(content: bytes | str, file: str) -> tuple[dict[str, Any], dict[Path, int]]:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1 if isinstance(content, bytes) else 1
        raise FaultyFileError([Fault(file, line, "", "The file is not text in UTF-8.")]) from None
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise FaultyFileError(
            [Fault(file, 1, "", f"The file is larger than {LARGEST // 1024} KB, the most a definition may be.")]
        )
    try:
        _check_events(text, file)
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = f"This is not YAML: {error.problem or error.context or 'it cannot be read'}."
        raise FaultyFileError([Fault(file, mark.line + 1 if mark else 1, "", why)]) from None
    except (YAMLError, ValueError) as error:
        raise FaultyFileError([Fault(file, 1, "", f"This is not YAML: {str(error).splitlines()[0]}.")]) from None
    if not isinstance(root, MappingNode):
        raise FaultyFileError(
            [Fault(file, 1, "", "A definition is a list of settings such as “key: voice_of_the_child”.")]
        )
    reader = _Reader(file)
    document = reader.value(root, ())
    if reader.faults:
        raise FaultyFileError(reader.faults)
    return document, reader.lines


def _check_events(text: str, file: str) -> None:
    depth = values = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        values += isinstance(event, NodeEvent)
        documents += isinstance(event, DocumentStartEvent)
        depth += _step(event)
        why = _limit(event, depth, values, documents)
        if why:
            raise FaultyFileError([Fault(file, event.start_mark.line + 1, "", why)])


def _step(event: Event) -> int:
    if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
        return 1
    return -1 if isinstance(event, (MappingEndEvent, SequenceEndEvent)) else 0


def _limit(event: Event, depth: int, values: int, documents: int) -> str:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        return "Anchors (&) and aliases (*) are not used in a definition: write the words out."
    if getattr(event, "tag", None):
        return "Tags (!) are not used in a definition."
    if isinstance(event, ScalarEvent) and HIDDEN.search(event.value):
        return "A hidden control character stands here, which cannot be kept: write the words anew."
    if depth > DEEPEST:
        return f"The file nests deeper than {DEEPEST} levels."
    if values > MOST_VALUES:
        return f"The file holds more than {MOST_VALUES:,} values."
    return "A file holds one definition; here begins a second." if documents > 1 else ""


class _Reader:
    """Turns composed nodes into plain values, keeping the line of every path and naming repeated keys."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, ScalarNode) else "?"
            if name in found:
                why = f"“{name}” stands here a second time."
                self.faults.append(Fault(self.file, line, _dotted((*path, name), {}), why))
                continue
            self.lines[(*path, name)] = line
            found[name] = self.value(value, (*path, name))
        return found


def _scalar(node: Node) -> str | bool | int | float | None:
    kind, text = str(node.tag).rpartition(":")[2], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return str(text).lower() == "true"
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else str(text)
    except ValueError:
        return str(text)


# Domains taken in from another template.

_MAY_DIFFER = ("title", "guidance", "condition")


def _with_borrowed(document: dict[str, Any], domains: Mapping[str, Domain]) -> tuple[dict[str, Any], list[Broken]]:
    listed = document.get("domains")
    if not isinstance(listed, list):
        return document, []
    broken: list[Broken] = []
    whole = [_borrowed(place, item, domains, broken) for place, item in enumerate(listed)]
    return {**document, "domains": whole}, broken


def _borrowed(place: int, item: Any, domains: Mapping[str, Domain], broken: list[Broken]) -> Any:
    if not isinstance(item, dict) or "from" not in item:
        return item
    path = ("domains", place)
    source, said = item["from"], {name: value for name, value in item.items() if name != "from"}
    for name in said:
        if name not in _MAY_DIFFER:
            broken.append(Broken((*path, name), "A domain taken in by “from” comes whole; only its title, guidance "
                                 "and condition may be said anew."))  # fmt: skip
    if not isinstance(source, str) or source not in domains:
        broken.append(Broken((*path, "from"), f"There is no domain “{source}” in the council’s templates."))
        return None
    return domains[source].model_dump(mode="json", exclude_defaults=True) | {
        k: said[k] for k in _MAY_DIFFER if k in said
    }


# Shape: what pydantic finds, in our own sentences.


def _shape(document: Plain) -> Iterator[Broken]:
    try:
        Definition.model_validate(document)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            if found["loc"] and not _told_elsewhere(found, document):
                yield Broken(found["loc"], _sentence(found))


def _told_elsewhere(found: ErrorDetails, document: Plain) -> bool:
    """A borrowed domain that is not there, and a list that pydantic calls short because its only item is faulty."""
    path = found["loc"]
    not_there = len(path) > 1 and path[0] == "domains" and _at(document, path[:2]) is None
    return not_there or (found["type"] == "too_short" and bool(_at(document, path)))


def _sentence(found: ErrorDetails) -> str:
    details: dict[str, Any] = found.get("ctx") or {}
    path = found["loc"]
    match found["type"]:
        case "missing":
            return "This is missing."
        case "extra_forbidden":
            known = ", ".join(_known_settings(path))
            return f"There is no setting “{path[-1]}” here. Known are: {known}."
        case "enum" | "literal_error":
            return f"This must be one of {details['expected']}."
        case "string_pattern_mismatch":
            return "A key begins with a small letter and has only small letters, digits and underscores, at most 60."
        case "string_too_long":
            return f"This is longer than {details['max_length']} characters."
        case "string_too_short":
            return "This is empty."
        case "too_long":
            return f"At most {details['max_length']} may stand here; there are {details['actual_length']}."
        case "too_short":
            return "At least one must stand here."
        case "string_type":
            return "This must be words. Put numbers and true or false in quotation marks."
        case "bool_type" | "bool_parsing":
            return "This must be true or false."
        case "tuple_type":
            return "This must be a list."
        case "model_type" | "model_attributes_type":
            return "This must be a group of settings."
        case "float_type" | "float_parsing":
            return "This must be a number."
        case _:
            return f"{found['msg']}."


_MODELS: Mapping[str, type[BaseModel]] = {
    "domains": Domain,
    "questions": Question,
    "options": Option,
    "condition": Condition,
}


def _known_settings(path: Path) -> list[str]:
    within = [step for step in path[:-1] if isinstance(step, str)]
    return list((_MODELS[within[-1]] if within and within[-1] in _MODELS else Definition).model_fields)


# Where a fault stands, in the reader's terms.


def _located(broken: Broken, document: Plain, lines: Mapping[Path, int], file: str) -> Fault:
    path = broken.path
    while path and path not in lines:
        path = path[:-1]
    return Fault(file, lines.get(path, 1), _dotted(broken.path, document), broken.why)


def _dotted(path: Path, document: Plain) -> str:
    """`domains.plan.questions.who.text`: list items by their own key, or by their number where they have none."""
    steps = []
    for length, step in enumerate(path, 1):
        item = _at(document, path[:length])
        key = item.get("key") if isinstance(step, int) and isinstance(item, Mapping) else None
        steps.append(key if isinstance(key, str) else str(step + 1) if isinstance(step, int) else step)
    return ".".join(steps)


def _at(document: Any, path: Path) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document
