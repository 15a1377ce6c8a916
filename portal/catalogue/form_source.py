"""Reads a form as it is written and stored: a person or an address becomes several questions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.definitions import (
    MILD,
    BadDefinition,
    Condition,
    Definition,
    Kind,
    Option,
    Owner,
    Page,
    Question,
    Rule,
    RuleKind,
    validate,
)
from portal.catalogue.models import FormDefinition
from portal.ground.words import N_

GENERIC = ""
"""The code under which the form for every other procedure is kept."""

SEALED = "sealed"
"""The key of a stored form under which the names of its identity questions stand."""

Source = Mapping[str, Any]

_SEXES = [{"value": "male", "label": N_("Nam")}, {"value": "female", "label": N_("Nữ")}]
_BORN = N_("Ví dụ 05/09/2020")
_TWO_KINDS = N_("12 chữ số, hoặc 9 chữ số của CMND cũ")
_PHONE = N_("Ví dụ 0912 345 678")
_OUTSIDE = N_("Ngoài tỉnh thì ghi đủ xã, huyện, tỉnh")

PARTS: dict[str, dict[str, Any]] = {
    "name": {"kind": "text", "label": N_("Họ, chữ đệm, tên"), "most": 200},
    "birth_date": {"kind": "date", "label": N_("Ngày, tháng, năm sinh"), "hint": _BORN, "past": True},
    "birth_year": {"kind": "number", "label": N_("Năm sinh"), "least": 1900, "most": 2100},
    "sex": {"kind": "choice", "label": N_("Giới tính"), "options": _SEXES},
    "ethnicity": {"kind": "text", "label": N_("Dân tộc"), "most": 60},
    "nationality": {"kind": "text", "label": N_("Quốc tịch"), "most": 60, "default": "Việt Nam"},
    "identity": {"kind": "identity", "label": N_("Số định danh hoặc CMND"), "hint": _TWO_KINDS},
    "phone": {"kind": "phone", "label": N_("Số điện thoại"), "hint": _PHONE},
    "address": {
        "kind": "address",
        "label": N_("Nơi cư trú: phường, xã"),
        "line": {"label": N_("Nơi cư trú: số nhà, đường, khu phố")},
    },
}
"""What a person may be asked: each part is a question named <person>_<part>."""

USUAL_PARTS = ("name", "birth_date", "identity")


def parse(content: Source) -> Definition:
    """Read and check a whole form; raises BadDefinition and says where."""
    _only(content, "form", "title", "source", "owner", "pages", "rules", SEALED)
    definition = Definition(
        title=_text(content, "title", "form"),
        source=content.get("source", ""),
        pages=tuple(_page(page) for page in content.get("pages", ())),
        rules=tuple(_rule(rule) for rule in content.get("rules", ())),
        owner=_owner(content.get("owner", {})),
    )
    validate(definition)
    return definition


def with_sealed(content: Source) -> dict[str, Any]:
    """Return *content* as it is published: with the names of its identity questions."""
    return {**content, SEALED: parse(content).sealed()}


def form_for(session: Session, code: str) -> FormDefinition | None:
    """The newest form of the procedure *code*, or else the generic one."""
    newest = (
        select(FormDefinition)
        .where(FormDefinition.code.in_([code, GENERIC]))
        .order_by((FormDefinition.code == code).desc(), FormDefinition.number.desc())
    )
    return session.scalars(newest.limit(1)).first()


def _page(source: Source) -> Page:
    where = f"page {source.get('key', '?')}"
    _only(source, where, "key", "title", "lead", "when", "questions")
    questions = [question for each in source.get("questions", ()) for question in _questions(each)]
    return Page(
        key=_text(source, "key", where),
        title=_text(source, "title", where),
        lead=source.get("lead", ""),
        when=_condition(source.get("when")),
        questions=tuple(questions),
    )


def _questions(source: Source) -> list[Question]:
    kind = source.get("kind", "")
    if kind == "person":
        return _person(source)
    return _address(source) if kind == "address" else [_question(source)]


def _person(source: Source) -> list[Question]:
    where = f"person {source.get('name', '?')}"
    _only(source, where, "name", "kind", "parts", "optional", "when", "account", "changes")
    name = _text(source, "name", where)
    unknown = set(source.get("parts", ())) - set(PARTS)
    if unknown:
        raise BadDefinition(f"{where}: no parts {sorted(unknown)}")
    parts = source.get("parts", USUAL_PARTS)
    return [question for part in parts for question in _questions(_part(source, name, part))]


def _part(source: Source, name: str, part: str) -> dict[str, Any]:
    """One part of a person, as if it had been written out."""
    made: dict[str, Any] = PARTS[part] | source.get("changes", {}).get(part, {})
    made |= {"name": f"{name}_{part}", "required": part not in source.get("optional", ())}
    if "when" in source:
        made["when"] = source["when"]
    if source.get("account") and part in ("name", "identity", "phone"):
        made["from_account"] = part
    return made


def _address(source: Source) -> list[Question]:
    """An official area, and a line for house, street and quarter."""
    where = f"address {source.get('name', '?')}"
    _only(source, where, *_ADDRESS_KEYS)
    name, decides = _text(source, "name", where).removesuffix("_address"), source.get("competence", False)
    shared = {key: source[key] for key in ("required", "when") if key in source}
    said = {key: source[key] for key in ("label", "hint") if key in source}
    kind = {"kind": "area", "competence": decides, "elsewhere": source.get("elsewhere", not decides)}
    line = {"kind": "text", "most": 300, "hint": "" if decides else _OUTSIDE} | source.get("line", {})
    area = shared | said | kind | {"name": f"{name}_area"}
    return [_question(area), _question(shared | line | {"name": f"{name}_line"})]


_ADDRESS_KEYS = ("name", "kind", "label", "hint", "line", "required", "when", "competence", "elsewhere")

_QUESTION_KEYS = (
    "name", "kind", "label", "hint", "required", "when", "options", "least", "most", "past", "competence",
    "elsewhere", "from_account", "default", "autocomplete", "questions",
)  # fmt: skip


def _question(source: Source) -> Question:
    where = f"question {source.get('name', '?')}"
    _only(source, where, *_QUESTION_KEYS)
    plain = {key: source[key] for key in _QUESTION_KEYS if key in source and key not in _MADE}
    try:
        kind = Kind(source.get("kind", ""))
    except ValueError as unknown:
        raise BadDefinition(f"{where}: no kind {source.get('kind')!r}") from unknown
    _text(source, "label", where)
    return Question(
        **plain,
        kind=kind,
        when=_condition(source.get("when")),
        options=tuple(Option(option["value"], option["label"]) for option in source.get("options", ())),
        questions=tuple(question for each in source.get("questions", ()) for question in _questions(each)),
    )


_MADE = ("kind", "when", "options", "questions")


def _condition(source: Source | None) -> Condition | None:
    if source is None:
        return None
    _only(source, "condition", "question", "is")
    return Condition(_text(source, "question", "condition"), tuple(source.get("is", ())))


def _rule(source: Source) -> Rule:
    where = f"rule on {source.get('on', '?')}"
    _only(source, where, "kind", "on", "other", "days", "message", "mild")
    try:
        kind = RuleKind(source.get("kind", ""))
    except ValueError as unknown:
        raise BadDefinition(f"{where}: no kind {source.get('kind')!r}") from unknown
    return Rule(
        kind=kind,
        on=_text(source, "on", where),
        message=_text(source, "message", where),
        other=source.get("other", ""),
        days=source.get("days", 0),
        is_mild=source.get("mild", kind in MILD),
    )


def _owner(source: Source) -> Owner:
    _only(source, "owner", "name", "phone", "identity", "address", "himself")
    plain = {key: source[key] for key in ("name", "phone", "identity", "address") if key in source}
    return Owner(**plain, himself=_condition(source.get("himself")))


def _only(source: Source, where: str, *known: str) -> None:
    unknown = set(source) - set(known)
    if unknown:
        raise BadDefinition(f"{where}: unknown keys {sorted(unknown)}")


def _text(source: Source, key: str, where: str) -> str:
    found = source.get(key)
    if not isinstance(found, str) or not found.strip():
        raise BadDefinition(f"{where}: {key} is missing")
    return found
