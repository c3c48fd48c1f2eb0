"""When the reminders look at a stay again."""

from django.db import models

from students.models.person import Enrollment


class NextLook(models.Model):
    """The moment from which there may be something to say to the student; no row: never.

    A cache of followup.ladder.next_look, apart from the stay: it changes with each reminder, and a row of a stay
    stands in a dozen indexes. An action that moves a deadline or whose turn it is has the next tick look again
    (students.actions.reminders).
    """

    enrollment = models.OneToOneField(
        Enrollment, primary_key=True, on_delete=models.CASCADE, related_name="next_look"
    )
    at = models.DateTimeField("cuándo", db_index=True)

    class Meta:
        verbose_name = "siguiente recordatorio"
        verbose_name_plural = "siguientes recordatorios"

    def __str__(self) -> str:
        return f"inscripción {self.enrollment_id}: {self.at:%Y-%m-%d %H:%M}"
