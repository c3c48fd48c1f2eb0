from papers.actions.drawing import draw_due_job
from papers.actions.folios import take_folio, take_numbers
from papers.actions.jobs import (
    AlreadyPrinted,
    LotGone,
    SheetsGone,
    cancel_print_job,
    delete_expired_sheets,
    download_lot,
    fail_printing,
    finish_printing,
    mark_printed,
    queue_print_job,
    report_progress,
    start_printing,
    take_download,
)
from papers.actions.lots import Draw, NoLongerValid, NothingToPrint, draw_due_part, queue_lot
from papers.actions.papers import issue_papers, replace_paper, revoke_paper

__all__ = [
    "AlreadyPrinted",
    "Draw",
    "LotGone",
    "NoLongerValid",
    "NothingToPrint",
    "SheetsGone",
    "cancel_print_job",
    "delete_expired_sheets",
    "download_lot",
    "draw_due_job",
    "draw_due_part",
    "fail_printing",
    "finish_printing",
    "issue_papers",
    "mark_printed",
    "queue_lot",
    "queue_print_job",
    "replace_paper",
    "report_progress",
    "revoke_paper",
    "start_printing",
    "take_download",
    "take_folio",
    "take_numbers",
]
