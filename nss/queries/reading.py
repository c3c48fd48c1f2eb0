"""What the reader must do now."""

from django.db.models import Exists, OuterRef, QuerySet

from nss.extraction.result import ENGINE
from nss.models import Acuse, AcusePhoto, Reading
from nss.states import AcuseState


def acuses_to_read() -> QuerySet[Acuse]:
    """This will return the acuses, drafts too, without a reading of all photos by this version of the reader.

    The oldest come first.
    """
    unread = AcusePhoto.objects.filter(acuse=OuterRef("acuse"), number__gt=OuterRef("photos"))
    read = Reading.objects.filter(~Exists(unread), acuse=OuterRef("pk"), engine=ENGINE)
    waiting = Acuse.objects.filter(state__in=[AcuseState.DRAFT, AcuseState.RECEIVED])
    return waiting.filter(~Exists(read)).order_by("created_at", "pk")
