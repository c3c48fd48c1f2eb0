from django.contrib import admin

from common.admin import LookOnlyAdmin
from students.models import (
    AccessCode,
    AccessEntry,
    AccessSeal,
    Declaration,
    Enrollment,
    PostalCode,
    RosterImport,
    StoredFile,
    Student,
    StudentData,
    TimelineEntry,
)


@admin.register(Student)
class StudentAdmin(LookOnlyAdmin):
    """Without CURP and NSS: a look at them is a look that must be written down."""

    list_display = ("list_name",)
    list_select_related = ("user",)
    search_fields = ("search_name",)
    exclude = ("curp", "nss")


@admin.register(Enrollment)
class EnrollmentAdmin(LookOnlyAdmin):
    list_display = ("matricula", "plantel", "cycle", "group", "state", "acuse_due_on")
    list_filter = ("state", "plantel", "cycle")
    list_select_related = ("plantel", "cycle")
    search_fields = ("matricula",)
    exclude = ("declared_nss", "roster_email", "roster_phone")


@admin.register(StudentData)
class StudentDataAdmin(LookOnlyAdmin):
    """How far a student came, not what was given."""

    list_display = ("enrollment_id", "email_confirmed_at", "confirmed_at", "updated_at")
    fields = (
        "enrollment_id",
        "is_person_confirmed",
        "email_confirmed_at",
        "confirmed_at",
        "updated_at",
    )


@admin.register(Declaration)
class DeclarationAdmin(LookOnlyAdmin):
    list_display = ("enrollment_id", "kind", "text", "at")
    list_filter = ("kind",)
    list_select_related = ("text",)
    exclude = ("statement",)


@admin.register(AccessCode)
class AccessCodeAdmin(LookOnlyAdmin):
    list_display = ("enrollment_id", "channel", "created_at", "expires_at", "voided_at")
    list_filter = ("channel",)
    exclude = ("code_hmac", "link_hmac")


@admin.register(TimelineEntry)
class TimelineEntryAdmin(LookOnlyAdmin):
    list_display = ("enrollment_id", "event", "at", "by")
    list_filter = ("event",)
    list_select_related = ("by",)
    exclude = ("data",)


@admin.register(AccessEntry)
class AccessEntryAdmin(LookOnlyAdmin):
    list_display = ("enrollment_id", "look", "at", "by", "reason")
    list_filter = ("look",)
    list_select_related = ("by",)


@admin.register(AccessSeal)
class AccessSealAdmin(LookOnlyAdmin):
    list_display = ("number", "sealed_at", "digest")
    exclude = ("rows",)


@admin.register(StoredFile)
class StoredFileAdmin(LookOnlyAdmin):
    list_display = ("public_id", "kind", "state", "plantel", "size", "uploaded_at", "refusal")
    list_filter = ("state", "kind", "plantel")
    list_select_related = ("plantel",)
    exclude = ("original_name", "path")


@admin.register(RosterImport)
class RosterImportAdmin(LookOnlyAdmin):
    list_display = ("folio", "plantel", "cycle", "state", "created_at", "created_by")
    list_filter = ("state", "plantel")
    list_select_related = ("plantel", "cycle", "created_by")
    exclude = ("report", "columns", "matching")


@admin.register(PostalCode)
class PostalCodeAdmin(LookOnlyAdmin):
    list_display = ("code", "municipio", "estado")
    search_fields = ("code",)
