"""How often a student tried at IMSS and failed: the proof that a deadline passed through no fault of theirs."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from common.dates import join_words
from followup.models import StudentReport
from followup.states import ATTEMPT_KINDS, ReportKind

_WHAT_HAPPENED = {
    ReportKind.PAGE_FAILED: "el IMSS no abrió",
    ReportKind.NO_MAIL: "no le llegó el correo del IMSS",
}


def attempts_by_stay(stays: Collection[int]) -> dict[int, str]:
    """Put into words what each of the stays (ids) tried, in one query; who never tried is left out."""
    kinds = defaultdict(list)
    rows = StudentReport.objects.filter(enrollment__in=stays, kind__in=ATTEMPT_KINDS)
    for enrollment, kind in rows.order_by().values_list("enrollment", "kind"):
        kinds[enrollment].append(kind)
    return {enrollment: attempts_in_words(found) for enrollment, found in kinds.items()}


def attempts_in_words(kinds: Iterable[str]) -> str:
    """Say «Intentó 2 veces; el IMSS no abrió»; other kinds of report count for nothing."""
    counts = Counter(kind for kind in kinds if kind in ATTEMPT_KINDS)
    if not counts:
        return ""
    times = "1 vez" if counts.total() == 1 else f"{counts.total()} veces"
    what = join_words([words for kind, words in _WHAT_HAPPENED.items() if counts[kind]])
    return f"Intentó {times}; {what}"
