from django.urls import path

from nss.views import on_behalf, receipts, review, steps, upload

app_name = "nss"

urlpatterns = [
    path("mi-acuse/subir/", upload.upload_own_acuse, name="upload"),
    path("mi-acuse/agregar-foto/", upload.add_own_photo, name="add_photo"),
    path("mi-acuse/confirmar/", steps.confirm_acuse, name="confirm"),
    path("mi-acuse/nss/", steps.answer_reading, name="reading"),
    path("mi-acuse/enviado/<str:public_id>/", steps.show_sent, name="sent"),
    path(
        "mi-acuse/enviado/<str:public_id>/comprobante/",
        receipts.order_receipt,
        name="order_receipt",
    ),
    path(
        "mi-acuse/enviado/<str:public_id>/comprobante/pdf/",
        receipts.download_receipt,
        name="download_receipt",
    ),
    path("acuses/revisar/", review.pick_next, name="review"),
    path("acuses/revisar/terminaste/", review.show_end, name="review_end"),
    path("acuses/<str:public_id>/revisar/", review.show_acuse, name="review_acuse"),
    path("acuses/<str:public_id>/aceptar/", review.accept, name="accept_acuse"),
    path("acuses/<str:public_id>/rechazar/", review.return_to_student, name="return_acuse"),
    path("acuses/<str:public_id>/corregir-nss/", review.correct, name="correct_nss"),
    path("acuses/<str:public_id>/deshacer/", review.undo, name="undo_review"),
    path("acuses/<str:public_id>/original/", review.warn_before_original, name="original"),
    path("acuses/<str:public_id>/subir/", on_behalf.upload_for_student, name="upload_for_student"),
    path("acuses/<str:public_id>/tomar/", on_behalf.take_unconfirmed, name="take_draft"),
    path(
        "acuses/<str:public_id>/registrar-nss/", on_behalf.register_for_student, name="register_nss"
    ),
]
