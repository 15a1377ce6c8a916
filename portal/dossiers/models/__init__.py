"""The mapped classes of dossiers."""

from portal.dossiers.models.alarms import Alarm, AlarmKind
from portal.dossiers.models.checklist import ChecklistItem
from portal.dossiers.models.decisions import CalendarDecision, Outcome, PostponedPromise
from portal.dossiers.models.dossiers import OPEN, AccessLogEntry, Dossier, Draft, Paper
from portal.dossiers.models.inquiries import Inquiry
from portal.dossiers.models.waiting import (
    Blocker,
    Charge,
    Consultation,
    Pause,
    SupplementItem,
    SupplementRequest,
)

__all__ = [
    "OPEN",
    "AccessLogEntry",
    "Alarm",
    "AlarmKind",
    "Blocker",
    "CalendarDecision",
    "Charge",
    "ChecklistItem",
    "Consultation",
    "Dossier",
    "Draft",
    "Inquiry",
    "Outcome",
    "Paper",
    "Pause",
    "PostponedPromise",
    "SupplementItem",
    "SupplementRequest",
]
