"""Verbs that change a dossier. Each reads, checks, appends its ledger row, then assigns; none commits."""

from portal.dossiers.actions.filing import Application, Person, announce, intake, submit
from portal.dossiers.actions.processing import finish, hand_over, propose, send_back, sign, withdraw
from portal.dossiers.actions.reception import (
    Answered,
    Asked,
    accept,
    answer,
    ask_supplement,
    expect_by_hand,
    forward,
    receive_papers,
    refuse,
)

__all__ = [
    "Answered",
    "Application",
    "Asked",
    "Person",
    "accept",
    "announce",
    "answer",
    "ask_supplement",
    "expect_by_hand",
    "finish",
    "forward",
    "hand_over",
    "intake",
    "propose",
    "receive_papers",
    "refuse",
    "send_back",
    "sign",
    "submit",
    "withdraw",
]
