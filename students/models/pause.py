"""When the student's clock stood still, because somebody else had the ball."""

from django.db import models
from django.db.models import F, Q

from students.models.person import Enrollment
from students.states import PauseReason


class ClockPause(models.Model):
    """One stretch of a stay in which the plantel had the ball for one reason; open until it comes back.

    `is_return` says that it ended with something to correct: from then on the student has at least two business
    days. Written by the action that moves the ball (students.actions.clock).
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField("por qué", max_length=13, choices=PauseReason.choices)
    started_at = models.DateTimeField("desde")
    ended_at = models.DateTimeField("hasta", null=True, blank=True)
    is_return = models.BooleanField("terminó con algo por corregir", default=False)

    class Meta:
        verbose_name = "pausa del plazo"
        verbose_name_plural = "pausas del plazo"
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "reason"],
                condition=Q(ended_at__isnull=True),
                name="students_clockpause_one_open_of_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="students_clockpause_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_return=False) | Q(reason=PauseReason.REVIEW, ended_at__isnull=False),
                name="students_clockpause_only_a_review_is_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"en pausa: {self.get_reason_display()}"
