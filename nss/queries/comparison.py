"""What stands on the acuse beside what the portal knows: the right half of the review page."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from common.search import normalise
from common.templatetags.ui import grouped_nss
from nss.models import Acuse, Reading
from nss.queries.acuses import known_nss, nss_holder, read_value
from nss.queries.queue import Part
from nss.states import NSSAnswer
from students.identity.curp import parse_curp, same_curp
from students.identity.errors import CurpError
from students.identity.nss import mask_nss, nss_birth_year_warning, nss_has_valid_digit
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
    cautions: list[Caution] = field(default_factory=list)

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


def compare(acuse: Acuse, reading: Reading | None, *, is_masked: bool) -> Comparison:
    """Compare the last reading of an acuse with its student, tolerant of what OCR confuses.

    `is_masked` leaves only the ends of the numbers, for who may not see them whole. The part is the one
    that nss.queries.queue gives the acuse.
    """
    enrollment = acuse.request.enrollment
    student = enrollment.student
    read = {name: read_value(reading, name) for name in ("nss", "curp", "names", "issued_date")}
    rows = [
        _nss_row(acuse, read["nss"], is_masked=is_masked),
        _curp_row(read["curp"], student.curp or "", is_masked=is_masked),
        _names_row(read["names"], student),
        _issued_row(read["issued_date"], enrollment),
    ]
    number = acuse.nss or read["nss"] or acuse.typed_nss
    holder = nss_holder(number, other_than=student) if number else None
    part = Part.UNREAD
    if read["nss"]:
        is_match = read["curp"] and student.curp and not holder
        is_match = is_match and not any(row.is_different for row in rows)
        part = Part.MATCH if is_match else Part.DIFFERS
    cautions = _cautions(acuse, read, holder)
    if number and not is_masked:
        cautions += _other_birth_year(number, student)
    return Comparison(part, rows, cautions)


def _nss_row(acuse: Acuse, read: str, *, is_masked: bool) -> Row:
    known = known_nss(acuse)
    if read and known and read != known:
        left, right = _marked(grouped_nss(read), grouped_nss(known))
        if is_masked:
            left, right = _plain(mask_nss(read)), _plain(mask_nss(known))
        return Row("NSS", left, right, True, "Distinto")
    if not known and acuse.nss_answer == NSSAnswer.SAME:
        known = read
    write = mask_nss if is_masked else grouped_nss
    note = "Dígito verificador correcto" if nss_has_valid_digit(read or known) else ""
    return Row("NSS", _plain(write(read)), _plain(write(known)), False, note)


def _curp_row(read: str, known: str, *, is_masked: bool) -> Row:
    if is_masked:
        differs = bool(read and known) and not same_curp(read, known)
        left, right = (_plain(f"…{curp[-5:]}" if curp else "") for curp in (read, known))
        return Row("CURP", left, right, differs, "Distinto" if differs else "")
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


def _cautions(acuse: Acuse, read: dict[str, str], holder: Student | None) -> list[Caution]:
    enrollment = acuse.request.enrollment
    found = []
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


def _other_birth_year(number: str, student: Student) -> list[Caution]:
    """Digits of the NSS against the CURP: a number of somebody in the family is a common mistake."""
    try:
        born = parse_curp(student.curp).birth_date
    except CurpError:
        return []
    warning = nss_birth_year_warning(number, born)
    return [Caution(warning)] if warning else []


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
    """Both texts in pieces; the characters in which they differ, accents aside, are marked in each."""
    left, right = [], []
    matcher = SequenceMatcher(None, _bare(read), _bare(known), autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if j > i:
            left.append(Piece(read[i:j], kind != "equal"))
        if m > k:
            right.append(Piece(known[k:m], kind != "equal"))
    return left, right


def _bare(text: str) -> str:
    """The text without accents, character by character, so that places stay the same."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text)
