"""Asking a register from a page: counted, logged without the number, always outside of a transaction."""

import logging

import structlog
from flask import Flask, current_app

from portal.ground.errors import NotFound
from portal.ground.registers import Answer, Outcome, Question, Registers
from portal.web import context, limits
from portal.web.limits import Tried

log = structlog.get_logger()


def install(app: Flask, whoever: Registers | None) -> None:
    """Let *whoever* answer for the registers; None: nobody does, and every paper is demanded."""
    app.extensions["registers"] = whoever


def are_there() -> bool:
    """Whether anybody answers for the registers."""
    return current_app.extensions["registers"] is not None


def ask(question: Question) -> Answer:
    """Ask, and wait for the answer as long as the settings say; the caller holds no transaction open.

    Raises NotFound when there is nobody to ask, TooOften beyond the limit.
    """
    whoever: Registers | None = current_app.extensions["registers"]
    by = context.actor()
    if whoever is None:
        raise NotFound
    limits.spend(Tried.REGISTER_AT_DESK if by.is_staff else Tried.REGISTER_BY_OWNER, by.account_id)
    answer = whoever.look(question)
    level = logging.WARNING if answer.outcome == Outcome.AWAY else logging.INFO
    log.log(
        level,
        "register",
        register=question.register,
        outcome=answer.outcome,
        reference=question.reference,
        account=by.account_id,
        **({"cause": answer.why} if answer.why else {}),
    )
    return answer
