"""A-05 to A-08: the texts that the institution edits. Who works here reads them, administration edits."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup.actions.ladder import publish_version, restore_version
from followup.actions.text_samples import (
    PRINTED_KINDS,
    EnoughTests,
    NoMailbox,
    NoPlantel,
    order_sample,
    send_test_mail,
)
from followup.queries.text_previews import preview_of, variables_of
from followup.render.samples import sheet_of_format
from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    fresh_for,
    planteles_with,
    staff_page,
)
from school.actions import texts as actions
from school.forms.texts import FORM_ID, ON_PAPER, PREVIEW, TO_ME, TextForm
from school.models import TextVersion, User
from school.queries.texts import current_text, texts_in_use, versions_of
from school.states import Role, TextKind
from school.text_parts.changes import changes
from school.text_parts.mails import EXAMPLES, MAILS, length_of

KINDS = {
    "guia": TextKind.GUIA,
    "aviso": TextKind.AVISO,
    "manifestacion": TextKind.MANIFESTACION,
    "motivos": TextKind.MOTIVOS,
    "renuncia": TextKind.RENUNCIA,
    "citatorio": TextKind.CITATORIO,
    "oficio": TextKind.OFICIO,
    "identidad": TextKind.IDENTIDAD,
    "recordatorios": TextKind.ESCALERA,
    **{kind.lower(): kind for kind in MAILS if kind != TextKind.M_25},
}
NOT_SAVED = "Vista previa: así se verá. Todavía no está guardado."


@dataclass(frozen=True)
class Row:
    """One text in the list of texts."""

    slug: str
    title: str
    current: TextVersion
    is_mail: bool


def _kind_of(slug: str) -> TextKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _version_of(slug: str, number: int) -> TextVersion:
    """The version of that number; people count from 1."""
    found = [one for one in versions_of(_kind_of(slug)) if one.version == number - 1]
    if not found:
        raise Http404
    return found[0]


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def list_texts(request: SignedInRequest) -> HttpResponse:
    """Each text with the version in use."""
    current = texts_in_use(KINDS.values())
    rows = [Row(slug, kind.label, current[kind], kind in MAILS) for slug, kind in KINDS.items()]
    return render(request, "followup/texts.html", {"rows": rows})


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def show_text(request: SignedInRequest, slug: str) -> HttpResponse:
    """The versions of one text: who put which in use, and when."""
    kind = _kind_of(slug)
    context = {
        "slug": slug,
        "title": kind.label,
        "versions": versions_of(kind),
        "may_edit": Ability.EDIT_TEXTS in abilities_of(request.user),
    }
    return render(request, "followup/text.html", context)


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def show_text_version(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One version, as it is or was read."""
    back_url = reverse("followup:text", args=[slug])
    note = f"Versión {number} de este texto."
    return _preview(request, _version_of(slug, number), note, back_url=back_url)


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def show_text_changes(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """What a version says differently from the one before it; nothing for the first."""
    new, old = _version_of(slug, number), _version_of(slug, max(number - 1, 1))
    context = {
        "slug": slug,
        "title": KINDS[slug].label,
        "number": number,
        "changes": changes(KINDS[slug], old.fields, new.fields),
    }
    return render(request, "followup/text_changes.html", context)


@staff_page(Ability.EDIT_TEXTS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: SignedInRequest, slug: str) -> HttpResponse:
    """The text field by field; saved, it is a new version, and the old one stays."""
    current = current_text(_kind_of(slug))
    posted = request.POST if request.method == "POST" else None
    form = _form(posted, current, slug)
    if form.is_valid() and (done := _done(request, slug, current, form)):
        return done
    context = {"form": form, "slug": slug, "title": form.kind.label, "kind": form.kind}
    context |= _about(request, current, form)
    return render(request, "followup/text_edit.html", context)


@require_POST
@staff_page(Ability.EDIT_TEXTS)
def preview_format(request: SignedInRequest, slug: str) -> HttpResponse:
    """The sheet of a format as it is being typed; it saves nothing, so nobody proves again who it is."""
    if _kind_of(slug) not in PRINTED_KINDS:
        raise Http404
    current = current_text(_kind_of(slug))
    context = _about_sheet(request, current, _form(request.POST, current, slug))
    return render(request, "followup/_text_sheet.html", context)


def _form(posted: QueryDict | None, current: TextVersion, slug: str) -> TextForm:
    is_format = current.kind in PRINTED_KINDS
    return TextForm(
        posted,
        current=current,
        sheet_url=reverse("followup:preview_format", args=[slug]) if is_format else "",
        is_mailed=current.kind in MAILS,
    )


def _done(
    request: SignedInRequest, slug: str, current: TextVersion, form: TextForm
) -> HttpResponse | None:
    """Do what the pressed button says; None where the form is shown again."""
    if TO_ME in request.POST:
        _test(request, _draft(current, form))
    elif PREVIEW in request.POST and current.kind in PRINTED_KINDS:
        return None
    elif {PREVIEW, ON_PAPER} & request.POST.keys():
        return _shown(request, _draft(current, form))
    elif _published(request, form):
        return redirect("followup:text", slug)
    return None


@require_POST
@staff_page(Ability.EDIT_TEXTS)
@fresh_for(Role.ADMIN)
def restore_text(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """«Volver a esta versión»."""
    version = _version_of(slug, number)
    try:
        new = restore_version(version, by=request.user, now=timezone.now())
    except (actions.SameText, actions.TextLacks) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(
            request, f"Versión {new.version + 1} en uso: dice lo mismo que la {number}."
        )
    return redirect("followup:text", slug)


def _published(request: SignedInRequest, form: TextForm) -> bool:
    typed = form.cleaned_data
    try:
        new = publish_version(
            form.kind,
            typed["fields"],
            based_on=typed["based_on"],
            by=request.user,
            now=timezone.now(),
        )
    except (actions.TextMoved, actions.SameText, actions.TextLacks) as error:
        form.add_error(None, error.sentence)
        return False
    messages.success(request, f"Versión {new.version + 1} guardada y en uso.")
    return True


def _about(request: SignedInRequest, current: TextVersion, form: TextForm) -> dict[str, Any]:
    """What the page of a mail or of a format says beside the form."""
    if current.kind in MAILS:
        return _about_mail(current)
    if current.kind not in PRINTED_KINDS:
        return {}
    variables = variables_of(form.kind, current.fields)
    return _about_sheet(request, current, form) | {"variables": variables}


def _about_sheet(request: SignedInRequest, current: TextVersion, form: TextForm) -> dict[str, Any]:
    """The sheet of what is typed; while something has to be mended, what, and the sheet of the version in use."""
    is_draft = form.is_bound and form.is_valid()
    faults = [(form[name], found[0]) for name, found in form.errors.items() if name in form.fields]
    sheet = _sheet(_draft(current, form) if is_draft else current, by=request.user)
    return {"sheet": sheet, "is_draft": is_draft, "faults": faults, "form_id": FORM_ID}


def _sheet(text: TextVersion, *, by: User) -> str:
    plantel = planteles_with(by, Ability.SEE_CATALOGUES).first()
    return sheet_of_format(text, plantel, now=timezone.now())


def _about_mail(current: TextVersion) -> dict[str, Any]:
    """The variables of a mail with what may stand in each, and how long its text is now."""
    letters, words = length_of(current.fields)
    names = MAILS[TextKind(current.kind)].variables
    return {
        "variables": [(name, EXAMPLES[name]) for name in names],
        "letters": letters,
        "words": words,
    }


def _test(request: SignedInRequest, draft: TextVersion) -> None:
    """«Enviar prueba»: the draft to one's own mailbox; nothing is saved."""
    try:
        send_test_mail(draft, by=request.user, now=timezone.now())
    except (NoMailbox, EnoughTests) as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, f"La prueba va en camino a {request.user.email}. Todavía no está guardado."
        )


def _draft(current: TextVersion, form: TextForm) -> TextVersion:
    return TextVersion(
        kind=current.kind,
        version=current.version + 1,
        fields=form.cleaned_data["fields"],
        created_at=timezone.now(),
    )


def _shown(request: SignedInRequest, draft: TextVersion) -> HttpResponse:
    """The draft as it is read, or as it comes out of the printer."""
    if ON_PAPER not in request.POST or draft.kind not in PRINTED_KINDS:
        return _preview(request, draft, NOT_SAVED)
    try:
        job = order_sample(
            TextKind(draft.kind),
            draft.fields,
            version=draft.version,
            by=request.user,
            now=timezone.now(),
        )
    except NoPlantel as error:
        return _preview(request, draft, error.sentence)
    return redirect("papers:show_print_job", job.public_id)


def _preview(
    request: SignedInRequest, row: TextVersion, note: str, *, back_url: str = ""
) -> HttpResponse:
    frame = {
        "preview_note": note,
        "preview_title": TextKind(row.kind).label,
        "back_url": back_url,
    }
    if row.kind in PRINTED_KINDS:
        sheet = _sheet(row, by=request.user)
        return render(request, "followup/text_sheet.html", frame | {"sheet": sheet})
    preview = preview_of(row, by=request.user)
    return render(request, preview.template, preview.context | frame)
