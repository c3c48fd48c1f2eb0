"""What only superusers touch: planteles, people and their roles."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from common.admin import LookOnlyAdmin
from school.actions.users import close_account, forget_addresses, reset_second_factor
from school.models import (
    Membership,
    Plantel,
    SchoolCycle,
    Subdelegacion,
    TextVersion,
    User,
)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(Plantel)
class PlantelAdmin(admin.ModelAdmin):
    list_display = ("number", "name", "clave", "kind", "time_zone", "is_active")


@admin.register(SchoolCycle)
class SchoolCycleAdmin(LookOnlyAdmin):
    """A change of a ciclo moves deadlines: it is made on its own page (A-03), as that of a day off (A-02)."""

    list_display = ("name", "starts_on", "ends_on", "acuse_days", "acuse_day_count")


@admin.register(Subdelegacion)
class SubdelegacionAdmin(admin.ModelAdmin):
    list_display = ("name",)


@admin.register(TextVersion)
class TextVersionAdmin(LookOnlyAdmin):
    list_display = ("kind", "version", "created_at", "created_by")


@admin.register(User)
class StaffAdmin(admin.ModelAdmin):
    """Staff only; a new person sets the first password through «Poner o cambiar la contraseña»."""

    list_display = ("name", "email", "is_active", "is_superuser")
    fields = ("name", "email", "is_active", "is_superuser")
    search_fields = ("name", "email")
    inlines = [MembershipInline]
    actions = ["reset_second_factors"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(email="")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.username = obj.email
        obj.is_staff = obj.is_superuser
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and obj.email != form.initial["email"]:
            forget_addresses(obj)
            for address in (form.initial["email"], obj.email):
                get_adapter().send_notification_mail(
                    "school/email/email_changed", obj, email=address
                )
        if not obj.is_active:
            close_account(obj)

    @admin.action(description="Quitar el segundo factor de quien perdió el suyo")
    @transaction.atomic
    def reset_second_factors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Its owners are told, and enrol another at the next sign-in."""
        done = [user for user in people.order_by("pk") if reset_second_factor(user)]
        for user in done:
            get_adapter().send_notification_mail("mfa/email/totp_deactivated", user)
            self.log_change(request, user, "Segundo factor quitado")
        self.message_user(request, f"Segundos factores quitados: {len(done)}")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            get_adapter().send_notification_mail("school/email/roles_changed", form.instance)
