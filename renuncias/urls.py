from django.urls import path

from renuncias.views import decide, issue, lists, own, piles

app_name = "renuncias"

urlpatterns = [
    path("mi-renuncia/", own.show_own, name="own"),
    path("mi-renuncia/pedir/", own.start, name="start"),
    path("mi-renuncia/pedir/<str:question>/", own.answer, name="answer"),
    path("mi-renuncia/revisar/", own.check, name="check"),
    path("mi-renuncia/imprimir/", own.print_own, name="print_own"),
    path("mi-renuncia/descargar/", own.download_own, name="download_own"),
    path("mi-renuncia/cambie-de-opinion/", own.change_mind, name="change_mind"),
    path("renuncias/", lists.list_renuncias, name="list"),
    path("renuncias/imprimir/", lists.print_renuncias, name="print"),
    path("renuncias/expedir/", issue.issue_renuncias, name="issue"),
    path("renuncias/recibir/", decide.receive_by_folio, name="receive_by_folio"),
    path("renuncias/recibir-varias/", lists.receive_renuncias, name="receive_many"),
    path("renuncias/pilas/", piles.piles, name="piles"),
    path("renuncias/pilas/subir/", piles.upload_pile, name="upload_pile"),
    path("renuncias/pilas/<str:public_id>/", piles.show_pile, name="show_pile"),
    path(
        "renuncias/pilas/<str:public_id>/<int:number>/",
        piles.show_pile_page,
        name="show_pile_page",
    ),
    path(
        "renuncias/pilas/<str:public_id>/<int:number>/archivar/",
        piles.file_page,
        name="file_page",
    ),
    path(
        "renuncias/pilas/<str:public_id>/<int:number>/descartar/",
        piles.discard_page,
        name="discard_page",
    ),
    path(
        "renuncias/pilas/<str:public_id>/<int:number>/recuperar/",
        piles.restore_page,
        name="restore_page",
    ),
    path("renuncias/de/<str:public_id>/", issue.renuncia_of_student, name="of_student"),
    path("renuncias/<str:public_id>/", decide.show_renuncia, name="show"),
    path("renuncias/<str:public_id>/recibir/", decide.receive_renuncia, name="receive"),
    path("renuncias/<str:public_id>/registrar/", decide.accept_renuncia, name="accept"),
    path("renuncias/<str:public_id>/deshacer/", decide.undo_renuncia, name="undo"),
    path("renuncias/<str:public_id>/anular/", decide.void_renuncia, name="void"),
    path("renuncias/<str:public_id>/cancelar/", decide.revoke_renuncia, name="revoke"),
]
