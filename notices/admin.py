from django.contrib import admin

from common.admin import LookOnlyAdmin
from notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(LookOnlyAdmin):
    list_display = ("message", "state", "created_at", "sent_at")
    list_filter = ("state", "message")
    exclude = ("to_email", "corrected_email", "to_name", "context", "body")
