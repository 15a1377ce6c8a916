"""Who has a dossier in hand, as one table over status and step. Pure, on loaded rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.accounts.models import Role
from portal.catalogue.workflows import StepKind
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status, Step


@dataclass(frozen=True)
class Holder:
    """Whose turn it is: a role at an office, one person of it where it is given to one; or the citizen."""

    role: Role
    office_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class Duty:
    """One row of the table. *kind*: the step of the workflow that names the role in place of *role*."""

    role: Role
    office: Callable[[Dossier], int | None]
    person: Callable[[Dossier], int | None]
    kind: StepKind | None = None


def _deciding(dossier: Dossier) -> int | None:
    return dossier.office_id


def _receiving(dossier: Dossier) -> int | None:
    return dossier.received_by_id


def _owner(dossier: Dossier) -> int | None:
    return dossier.owner_id or dossier.submitter_id


def _assignee(dossier: Dossier) -> int | None:
    return dossier.assignee_id


def _nobody(_dossier: Dossier) -> None:
    return None


_AT_THE_DESK = Duty(Role.RECEPTIONIST, _receiving, _nobody)
_WITH_THE_CITIZEN = Duty(Role.CITIZEN, _nobody, _owner)

DUTIES: Mapping[tuple[Status, Step | None], Duty] = {
    (Status.SUBMITTED, None): _AT_THE_DESK,
    (Status.ACCEPTED, None): _AT_THE_DESK,
    (Status.IN_PROGRESS, Step.APPRAISAL): Duty(Role.SPECIALIST, _deciding, _assignee, StepKind.APPRAISAL),
    (Status.IN_PROGRESS, Step.SIGNING): Duty(Role.LEADER, _deciding, _nobody, StepKind.SIGNING),
    (Status.IN_PROGRESS, Step.ISSUING): Duty(Role.RECORDS_CLERK, _deciding, _nobody, StepKind.ISSUING),
    (Status.AWAITING_SUPPLEMENT, None): _WITH_THE_CITIZEN,
    (Status.AWAITING_PAYMENT, None): _WITH_THE_CITIZEN,
    (Status.STOPPED, None): Duty(Role.LEADER, _deciding, _nobody),
    (Status.FINISHED, None): _AT_THE_DESK,
}
"""Every state in which somebody still has to do something; the states that are over stand in no row."""


def holder_of(dossier: Dossier) -> Holder | None:
    """Whose turn it is; None only for a dossier that is over."""
    duty = None if dossier.is_over else DUTIES[(dossier.status, dossier.step)]
    if duty is None:
        return None
    spec = dossier.workflow.step(duty.kind) if dossier.workflow and duty.kind else None
    return Holder(spec.role if spec else duty.role, duty.office(dossier), duty.person(dossier))
