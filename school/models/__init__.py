from school.models.calendar import NonWorkingDay, SchoolCycle
from school.models.limits import RateCounter
from school.models.plantel import Plantel, Subdelegacion
from school.models.sessions import LoginSession
from school.models.texts import TextVersion
from school.models.user import Membership, User

__all__ = [
    "LoginSession",
    "Membership",
    "NonWorkingDay",
    "Plantel",
    "RateCounter",
    "SchoolCycle",
    "Subdelegacion",
    "TextVersion",
    "User",
]
