"""What keeps the code readable and the doors shut."""

import ast
import re
from pathlib import Path

from tests.project.source import all_files, calls, product_files, strings, templates, text, tree

LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
LONGEST_VIEW = 10
FORBIDDEN_WORDS = re.compile(
    r"por favor|lo sentimos|inv[aá]lid[oa]|\boops\b|Este campo es obligatorio", re.IGNORECASE
)
RULE_FILES = Path("tests/project")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    """List every function of a file, inner ones included."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def body_lines(function: Function) -> int:
    """Count the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def statements(function: Function) -> int:
    """Count a function's statements, inner ones included; a call is one, however it is wrapped."""
    inner = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    return len(inner) - 1 - bool(ast.get_docstring(function))


def test_functions_are_short():
    long = [
        f"{path}:{function.lineno} {function.name}: {body_lines(function)}"
        for path in product_files()
        for function in functions(path)
        if body_lines(function) > LONGEST_FUNCTION
    ]

    assert long == []


def test_views_are_short():
    long = [
        f"{path}:{function.lineno} {function.name}: {statements(function)}"
        for path in product_files()
        if path.name == "views.py" or "views" in path.parts
        for function in functions(path)
        if function.args.args
        and function.args.args[0].arg == "request"
        and not function.name.startswith("_")
        and statements(function) > LONGEST_VIEW
    ]

    assert long == []


def test_modules_are_short():
    long = [
        f"{path}: {lines}"
        for path in product_files()
        if (lines := len(text(path).splitlines())) > LONGEST_MODULE
    ]

    assert long == []


def test_modules_say_what_they_are_for():
    silent = [
        str(path)
        for path in product_files()
        if text(path).strip()
        and path.name not in {"__init__.py", "apps.py", "urls.py", "admin.py"}
        and not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_docstrings_complete_this_will_without_saying_it():
    said = [
        str(path)
        for path in all_files()
        if re.search(r'"""This (will|function|method|class) ', text(path))
    ]

    assert said == []


def test_every_noqa_names_its_rule_and_reason():
    bare = [
        f"{path}:{number}"
        for path in all_files()
        if RULE_FILES not in path.parents
        for number, line in enumerate(text(path).splitlines(), start=1)
        if "# noqa" in line and not re.search(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* -- \S", line)
    ]

    assert bare == []


def test_every_ignored_type_names_its_rule():
    bare = [
        f"{path}:{number}"
        for path in all_files()
        if RULE_FILES not in path.parents
        for number, line in enumerate(text(path).splitlines(), start=1)
        if "# type: ignore" in line and "# type: ignore[" not in line
    ]

    assert bare == []


def test_no_test_is_skipped():
    skips = [
        f"{path}:{node.lineno} {node.attr}"
        for path in all_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"skip", "skipif", "xfail", "importorskip"}
    ]

    assert skips == []


def test_no_door_is_left_open():
    doors = {"mark_safe", "csrf_exempt", "xframe_options_exempt", "RawSQL"}
    called = {"SafeString", "SafeText", "extra", "raw"}
    open_doors = [
        f"{path}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id in doors)
        or (isinstance(node, ast.Attribute) and node.attr in doors)
    ]
    calls_of_doors = [
        f"{path}:{call.lineno} {name}"
        for path in product_files()
        for name, call in calls(path)
        if name in called
    ]
    unescaped = [
        str(path)
        for path in templates()
        if re.search(r"\|\s*safe\b|\{%\s*autoescape off", text(path)) and path.suffix != ".txt"
    ]

    assert open_doors == []
    assert calls_of_doors == []
    assert unescaped == []


def test_nobody_runs_a_shell():
    shells = [
        f"{path}:{call.lineno}"
        for path in product_files()
        for name, call in calls(path)
        if name == "system" or any(keyword.arg == "shell" for keyword in call.keywords)
    ]

    assert shells == []


def test_words_never_said_to_a_person():
    said_in_templates = [
        f"{path}: {found[0]}"
        for path in templates()
        if (found := FORBIDDEN_WORDS.search(text(path)))
    ]
    said_in_code = [
        f"{path}: {string[:60]!r}"
        for path in product_files()
        for string in strings(path)
        if FORBIDDEN_WORDS.search(string)
    ]

    assert said_in_templates == []
    assert said_in_code == []
