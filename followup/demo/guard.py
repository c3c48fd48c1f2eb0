"""Whether a demo may be loaded here, and whether one is here already."""

from enum import Enum, auto

from django.conf import settings

from followup.demo.schools import CLAVE
from school.models import Plantel, User
from students.models import Student


class Content(Enum):
    """What the database holds."""

    NOTHING = auto()
    DEMO = auto()
    OTHER = auto()


class DemoRefused(Exception):
    """A demo has no place here; `sentence` says why and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


IN_PRODUCTION = (
    "La demostración no se carga donde BASE_URL es https: ahí trabajan personas reales. "
    "Usar otra instalación, sin https."
)
NOT_EMPTY = (
    "La base de datos ya tiene datos que no son de la demostración, y no se mezclan. "
    "Usar una base de datos vacía (DATABASE_URL o VAR_DIR)."
)
NO_DEMO = "Esta base de datos no tiene la demostración. Se carga con: manage.py demo"


def content() -> Content:
    """Return what the database holds: a demo is recognised by the claves of its planteles."""
    planteles = Plantel.objects.all()
    if planteles.exclude(clave__startswith=CLAVE).exists():
        return Content.OTHER
    if planteles.exists():
        return Content.DEMO
    if User.objects.exists() or Student.objects.exists():
        return Content.OTHER
    return Content.NOTHING


def check_may_load() -> None:
    """Raise DemoRefused in production and where the database holds anything that is not demo."""
    check_not_production()
    if content() is Content.OTHER:
        raise DemoRefused(NOT_EMPTY)


def check_not_production() -> None:
    """Raise DemoRefused where the address is https."""
    if settings.PRODUCTION:
        raise DemoRefused(IN_PRODUCTION)


def check_is_loaded() -> None:
    """Raise DemoRefused in production and where no plantel of a demo is."""
    check_not_production()
    if not has_demo():
        raise DemoRefused(NO_DEMO)


def has_demo() -> bool:
    """Return whether planteles of a demo are here, whatever else was added since."""
    return Plantel.objects.filter(clave__startswith=CLAVE).exists()
