"""What stands on the acuse beside what the portal knows: the right half of the review page."""

from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from nss.models import Acuse, Reading
from nss.queries.acuses import nss_holder, read_value
from nss.queries.queue import Part
from nss.states import NSSAnswer
from students.identity.curp import same_curp
from students.identity.nss import format_nss, mask_nss, nss_has_valid_digit
from common.search import normalise
from students.models import Enrollment, Student


@dataclass(frozen=True)
class Piece:
    """A run of characters; `is_different` ones are underlined."""

    text: str
    is_different: bool = False


@dataclass(frozen=True)
class Row:
    """One datum: on the acuse, in the system, and what the comparison says of it."""

    label: str
    read: list[Piece]
    known: list[Piece]
    is_different: bool = False
    note: str = ""


@dataclass(frozen=True)
class Caution:
    """Something the reviewer must know; `holder` is the stay it speaks of when the reviewer may see it."""

    text: str
    holder: Enrollment | None = None


@dataclass(frozen=True)
class Comparison:
    """The verdict of the banner with everything below it."""

    part: Part
    rows: list[Row]
    warnings: list[Caution] = field(default_factory=list)

    @property
    def differences(self) -> int:
        """How many rows differ."""
        return sum(row.is_different for row in self.rows)

    @property
    def verdict(self) -> str:
        """The words of the banner."""
        if self.part == Part.UNREAD:
            return "No se pudo leer"
        if self.part == Part.MATCH:
            return "Coincide todo"
        if not self.differences:
            return "Revisar antes de aceptar"
        return "1 diferencia" if self.differences == 1 else f"{self.differences} diferencias"


def compare(acuse: Acuse, reading: Reading | None, *, may_see_nss: bool) -> Comparison:
    """This will compare the last reading of an acuse with its student, tolerant of what OCR confuses.

    Without `may_see_nss` numbers come masked.
    """
    enrollment = acuse.request.enrollment
    student = enrollment.student
    read = {name: read_value(reading, name) for name in ("nss", "curp", "names", "issued_date")}
    rows = [
        _nss_row(acuse, read["nss"], may_see_nss=may_see_nss),
        _curp_row(read["curp"], student.curp or ""),
        _names_row(read["names"], student),
        _issued_row(read["issued_date"], enrollment),
    ]
    warnings = _warnings(acuse, read, enrollment)
    if not read["nss"]:
        part = Part.UNREAD
    elif warnings or any(row.is_different for row in rows) or not read["curp"]:
        part = Part.DIFFERS
    else:
        part = Part.MATCH
    return Comparison(part, rows, warnings)


def _nss_row(acuse: Acuse, read: str, *, may_see_nss: bool) -> Row:
    student = acuse.request.enrollment.student
    known = acuse.nss or acuse.typed_nss or student.nss or ""
    if not known and acuse.nss_answer == NSSAnswer.SAME:
        known = read
    if not may_see_nss:
        same = not (read and known) or read == known
        note = "" if same else "Distinto"
        return Row("NSS", [Piece(mask_nss(read))], [Piece(mask_nss(known))], not same, note)
    if read and known and read != known:
        left, right = _marked(format_nss(read), format_nss(known))
        return Row("NSS", left, right, True, "Distinto")
    number = read or known
    if number and not nss_has_valid_digit(number):
        note = "Distinto: el último número no corresponde con los demás"
        return Row("NSS", _plain(format_nss(read)), _plain(format_nss(known)), True, note)
    note = "Dígito verificador correcto" if number else ""
    return Row("NSS", _plain(format_nss(read)), _plain(format_nss(known)), False, note)


def _curp_row(read: str, known: str) -> Row:
    if not read or not known:
        return Row("CURP", _plain(read), _plain(known), False, "" if read else "No se leyó")
    if read == known:
        return Row("CURP", _plain(read), _plain(known), False, "Coincide")
    left, right = _marked(read, known)
    if same_curp(read, known):
        return Row("CURP", left, right, False, "Coincide (0/O dudoso)")
    return Row("CURP", left, right, True, "Distinto")


def _names_row(read: str, student: Student) -> Row:
    shown = student.full_name.upper()
    if not read:
        return Row("Nombre", [], _plain(shown), False, "No se leyó")
    if sorted(normalise(read).split()) == sorted(normalise(shown).split()):
        return Row("Nombre", _plain(read), _plain(shown), False, "Coincide")
    if normalise(read).split()[:1] == normalise(student.first_surname).split()[:1]:
        shown = student.list_name.replace(",", "").upper()
    left, right = _marked(read, shown)
    return Row("Nombre", left, right, True, "Distinto")


def _issued_row(read: str, enrollment: Enrollment) -> Row:
    known = f"Inscripción {enrollment.enrolled_on:%d/%m/%Y}"
    issued = _date(read)
    shown = f"{issued:%d/%m/%Y}" if issued else read
    return Row("Emitido", _plain(shown), _plain(known), False, "" if read else "No se leyó")


def _warnings(acuse: Acuse, read: dict[str, str], enrollment: Enrollment) -> list[Caution]:
    found = []
    number = acuse.nss or read["nss"] or acuse.typed_nss
    holder = nss_holder(number, other_than=enrollment.student) if number else None
    if holder:
        found.append(_about("Este NSS ya lo tiene otra persona", holder, enrollment))
    other = _curp_owner(read["curp"], enrollment.student)
    if other:
        found.append(_about("La CURP es de otro estudiante", other, enrollment))
    issued = _date(read["issued_date"])
    if issued and issued < enrollment.enrolled_on:
        found.append(Caution("Emitido antes de la inscripción"))
    if acuse.is_claimed_own:
        found.append(Caution("El estudiante dijo que el acuse es suyo aunque se leyó otra CURP"))
    return found


def _curp_owner(curp: str, student: Student) -> Student | None:
    if not curp or curp == student.curp:
        return None
    return Student.objects.filter(curp=curp).exclude(pk=student.pk).first()


def _about(text: str, person: Student, enrollment: Enrollment) -> Caution:
    """Who it is, only for a person of the same plantel: others are not named across planteles."""
    stay = person.enrollments.filter(plantel=enrollment.plantel).order_by("-enrolled_on").first()
    if stay is None:
        return Caution(f"{text}, de otro plantel")
    return Caution(f"{text}: {person.full_name} (grupo {stay.group})", stay)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain(text: str) -> list[Piece]:
    return [Piece(text)] if text else []


def _marked(read: str, known: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; the characters in which they differ are marked in each."""
    left, right = [], []
    for kind, i, j, k, m in SequenceMatcher(None, read, known, autojunk=False).get_opcodes():
        if j > i:
            left.append(Piece(read[i:j], kind != "equal"))
        if m > k:
            right.append(Piece(known[k:m], kind != "equal"))
    return left, right
