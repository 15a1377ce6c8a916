"""Plants what a demonstration stands on: calendar, offices, people, curated procedures, forms, prices."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.calendars import seed_days
from portal.ground.working_time import ZONE
from portal.postal.tariff import plant_rates
from portal.seed.curate import plant_curated
from portal.seed.fees import plant_fees
from portal.seed.levels import plant_levels
from portal.seed.people import plant_people
from portal.seed.plant_forms import plant_forms


def plant(session: Session, *, at: datetime) -> None:
    """Plant everything but dossiers (seed/walks); what is there already stays as it is."""
    today = at.astimezone(ZONE).date()
    seed_days(session)
    plant_people(session, at, today)
    plant_curated(session, at, today)
    plant_levels(session)
    plant_forms(session, at)
    plant_rates(session)
    plant_fees(session, at)
