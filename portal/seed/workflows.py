"""Plants the workflow for everything, by the real actions; fields and procedures may have their own later."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.models import Role
from portal.catalogue.workflows import (
    EVERYTHING,
    StepKind,
    StepSpec,
    WorkflowVersion,
    draft,
    field_scope,
    publish,
)

K, R = StepKind, Role


def _steps(appraisal: str, signing: str = "4") -> tuple[StepSpec, ...]:
    return (
        StepSpec(K.RECEPTION, R.RECEPTIONIST, Decimal(8), ("01", "02", "03")),
        StepSpec(K.TRANSFER, R.RECEPTIONIST, Decimal(4), ("05",)),
        StepSpec(K.APPRAISAL, R.SPECIALIST, Decimal(appraisal), ("02",)),
        StepSpec(K.CONSULTATION, R.SPECIALIST, Decimal(24)),
        StepSpec(K.SIGNING, R.LEADER, Decimal(signing), ("04",)),
        StepSpec(K.ISSUING, R.RECORDS_CLERK, Decimal(2)),
        StepSpec(K.RETURN, R.RECEPTIONIST, Decimal(8)),
    )


SOURCE = "Định mức nội bộ, giả định cho bản trình diễn; quản trị viên sửa được"

DEFAULTS: dict[str, tuple[StepSpec, ...]] = {
    EVERYTHING: _steps("16"),
    field_scope("Hộ tịch"): _steps("4", "2"),
    field_scope("Chứng thực"): _steps("4", "2"),
    field_scope("Hoạt động xây dựng"): _steps("80", "8"),
}
"""Norms in working hours by field (assumption, configurable)."""


def plant_workflows(session: Session, at: datetime) -> None:
    """Publish the default of every scope that has no workflow yet."""
    there = set(session.scalars(select(WorkflowVersion.scope)))
    for scope, steps in DEFAULTS.items():
        if scope not in there:
            publish(session, draft(session, scope, steps, SOURCE, by=OPERATOR, at=at), by=OPERATOR, at=at)
