from django.urls import path

from affiliation.views import answers, batches, profiles

app_name = "affiliation"

urlpatterns = [
    path("", batches.list_batches, name="batches"),
    path("revision/<slug:kind>/", batches.review_batch, name="check_batch"),
    path("revision/<slug:kind>/hacer/", batches.make, name="make_batch"),
    path("perfiles/", profiles.list_profiles, name="profiles"),
    path("perfiles/<slug:registro>/", profiles.edit_profile, name="edit_profile"),
    path("<str:public_id>/", answers.show_batch, name="show_batch"),
    path(
        "<str:public_id>/archivos/<slug:what>/",
        batches.download_batch_file,
        name="download_batch_file",
    ),
    *(
        path(f"<str:public_id>/{word}/", view, name=name)
        for word, view, name in (
            ("enviado", answers.send, "send_batch"),
            ("enviado/deshacer", batches.undo_send, "undo_sending"),
            ("descartar", batches.discard, "discard_batch"),
            ("rehacer", batches.remake, "remake_batch"),
            ("respuestas", answers.answer, "answer_movements"),
            ("archivo", answers.import_answers, "import_answers"),
            ("archivo/revisar", answers.review_answers, "review_answers"),
            ("archivo/registrar", answers.register_answers, "register_answers"),
            ("archivo/descartar", answers.drop_answers, "drop_answers"),
        )
    ),
    path("<str:public_id>/<int:position>/deshacer/", answers.undo, name="undo_answer"),
    path("<str:public_id>/<int:position>/corregido/", answers.correct, name="correct_movement"),
]
