"""Only actions and the timeline write; a request never publishes to the broker."""

import ast
from pathlib import Path

from tests.project.source import calls, product_files

ALWAYS = {"get_or_create", "update_or_create", "bulk_create", "bulk_update"}
BY_KEYWORD = {"save", "create", "update", "delete", "_raw_delete"}
"""A model's methods take keywords alone; a picture's `save(path)` or a hash's `update(bytes)` is no write."""

MAPPINGS = {"attrs", "context", "data", "environ", "headers", "initial", "kwargs"}
"""What takes `update(key=…)` without being a queryset."""

PUBLISHING = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}


def may_write(path: Path) -> bool:
    """Say whether the architecture lets this file write to the database."""
    return (
        "actions" in path.parts
        or path.name == "actions.py"
        or path == Path("students/timeline.py")
        or Path("followup/demo") in path.parents  # a made-up past cannot be lived through
        or path == Path("common/leases.py")  # a claim on a row is no change of what it says
    )


def writes(name: str, call: ast.Call) -> bool:
    """Say whether the call has the shape of a write."""
    if name in ALWAYS:
        return True
    if name not in BY_KEYWORD or not isinstance(call.func, ast.Attribute) or call.args:
        return False
    receiver = call.func.value
    last_name = getattr(receiver, "attr", getattr(receiver, "id", ""))
    return last_name not in MAPPINGS


def test_only_actions_write():
    culprits = [
        f"{path}:{call.lineno} .{name}()"
        for path in product_files()
        if not may_write(path)
        for name, call in calls(path)
        if writes(name, call)
    ]

    assert culprits == []


def test_only_tasks_publish():
    culprits = [
        f"{path}:{call.lineno} .{name}()"
        for path in product_files()
        if path.name not in {"tasks.py", "celery.py"} and "tasks" not in path.parts
        for name, call in calls(path)
        if name in PUBLISHING
    ]

    assert culprits == []


def test_a_plantel_is_locked_without_its_key():
    """A lock of the whole row stops whoever writes a row of that plantel, and two who both did wait for each other."""
    culprits = [
        f"{path}:{call.lineno}"
        for path in product_files()
        for name, call in calls(path)
        if name == "select_for_update"
        and ast.unparse(call.func).startswith("Plantel.objects.")
        and "no_key" not in {keyword.arg for keyword in call.keywords}
    ]

    assert culprits == []
