from django.contrib import admin

from common.admin import LookOnlyAdmin
from nss.models import Acuse, AcusePhoto, NSSRequest, Reading


@admin.register(NSSRequest)
class NSSRequestAdmin(LookOnlyAdmin):
    list_display = ("pk", "state", "route", "proven_at")
    list_filter = ("state", "route")


@admin.register(Acuse)
class AcuseAdmin(LookOnlyAdmin):
    list_display = ("folio", "version", "state", "sent_at", "review_due_on", "reviewed_at")
    list_filter = ("state", "return_reason")
    exclude = ("nss", "typed_nss")


@admin.register(AcusePhoto)
class AcusePhotoAdmin(LookOnlyAdmin):
    list_display = ("acuse", "number")
    exclude = ("upload_key",)


@admin.register(Reading)
class ReadingAdmin(LookOnlyAdmin):
    list_display = ("acuse", "engine", "outcome", "code", "duration_ms", "created_at")
    list_filter = ("outcome", "code", "engine")
    exclude = ("fields", "checks")
