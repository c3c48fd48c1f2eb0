"""Short versions of the promises R1 to R18 (docs/architecture.md); `script/bench faults` runs them in full."""

import pytest

from tests.faults.bad_relay import bad_relay
from tests.faults.clock_changes import clock_changes
from tests.faults.degraded import degraded
from tests.faults.killed_actions import killed_actions
from tests.faults.killed_imports import killed_imports
from tests.faults.lost_broker import lost_broker
from tests.faults.lost_database import lost_database
from tests.faults.lost_printers import lost_printers
from tests.faults.lost_web import lost_web
from tests.faults.lost_workers import lost_workers
from tests.faults.odd_clocks import odd_clocks
from tests.faults.pressed_buttons import pressed_buttons

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20270201


def only(figures: dict[str, float], *names: str) -> dict[str, float]:
    """Keep the figures that are promised; the others are for reading."""
    return {name: figures[name] for name in names}


def test_r1_dying_workers_remind_everybody_once(tmp_path):
    figures = lost_workers(tmp_path, due=150, kills=3, seed=SEED)

    promised = ("ledger_missing", "missing", "double")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r2_a_lost_broker_costs_nobody_anything(tmp_path):
    figures = lost_broker(tmp_path, flushes=1, seconds=1, looks=3, seed=SEED)

    promised = ("pages_failed", "signed_out", "missing", "double")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r3_a_bad_relay_gets_each_mail_once(tmp_path):
    figures = bad_relay(tmp_path, notices=100, rounds=1, seed=SEED)

    promised = ("missing", "double", "expired_delivered", "wrongly_told")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r4_buttons_pressed_many_times_at_once_do_it_once(tmp_path):
    figures = pressed_buttons(tmp_path, posts=4, seed=SEED)

    promised = ("errors", "undone", "done_again", "other_pages")
    assert only(figures, "posts", *promised) == {"posts": 40, **dict.fromkeys(promised, 0)}


def test_r5_what_a_dying_database_confirmed_is_kept(tmp_path):
    figures = lost_database(tmp_path, kills=2, seed=SEED)

    promised = ("missing", "double")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r6_a_dying_web_server_leaves_nothing_half_done(tmp_path):
    figures = lost_web(tmp_path, kills=2, seed=SEED)

    promised = (
        *("uploads_missing", "decisions_missing", "half_decided"),
        *("rows_without_file", "left_by_janitor"),
    )
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r8_odd_clocks_begin_each_day_once(tmp_path):
    figures = odd_clocks(tmp_path, restarts=2, seed=SEED)

    promised = ("missing", "double", "mails_wrong", "steps_wrong")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r9_changing_clocks_begin_and_end_each_day_once(tmp_path):
    figures = clock_changes(tmp_path, minutes=30, seed=SEED)

    promised = (
        *("runs_missing", "runs_wrong", "steps_missing", "steps_wrong"),
        *("reminders_missing", "reminders_wrong", "ends_wrong"),
    )
    assert only(figures, *promised) == dict.fromkeys(promised, 0)
    assert only(figures, "runs", "steps", "reminders") == {"runs": 32, "steps": 4, "reminders": 24}


def test_r14_an_import_that_is_killed_is_all_or_nothing(tmp_path):
    figures = killed_imports(tmp_path, kills=4, seed=SEED)

    promised = ("torn", "missing", "not_refused", "changed_again", "not_queued", "double")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)
    assert figures["kills"] >= 3


def test_r15_dying_workers_print_each_sheet_once(tmp_path):
    figures = lost_printers(tmp_path, sheets=200, kills=2, lease=5, seed=SEED)

    promised = (
        *("failed", "missing", "double", "second_folios", "second_places"),
        *("other_words", "other_digests", "parts_left"),
    )
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r16_actions_cut_off_leave_history_and_log_true(tmp_path):
    figures = killed_actions(tmp_path, actions=60, kills=2, seed=SEED)

    promised = ("kills_missing", "unequal", "looks_missing", "chain_broken")
    assert only(figures, *promised) == dict.fromkeys(promised, 0)


def test_r18_what_is_off_stops_no_student_and_is_told_to_staff(tmp_path):
    figures = degraded(tmp_path, rounds=1, seed=SEED)

    promised = (
        *("banners_missing", "banners_left", "sign_ins_failed", "pages_failed"),
        *("students_alarmed", "uploads_lost", "uploads_unscanned", "uploads_unread"),
        *("mails_waiting", "mails_double"),
    )
    assert only(figures, *promised) == dict.fromkeys(promised, 0)
