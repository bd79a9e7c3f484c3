"""Functions are short, and tests say and check something."""

from __future__ import annotations

import ast

from tests.house.tree import PROGRAM, functions, modules

LONGEST = 40
"""Lines of a function, its docstring not counted."""

CHECKS = ("assert", "check", "expect", "verify", "then", "raises", "warns", "fail")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = (ast.get_docstring(function) or "").splitlines()
    return (function.end_lineno or function.lineno) - function.lineno + 1 - len(docstring)


def checks_something(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.startswith(CHECKS):
                return True
    return False


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name}:{function.lineno} {function.name} has {length(function)} lines"
        for name, tree in modules(*PROGRAM, ".ci")
        for function in functions(tree)
        if length(function) > LONGEST and "/migrations/" not in name  # a list of tables
    ]
    assert long == []


def every_test() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (f"{name}:{function.lineno} {function.name}", function)
        for name, tree in modules("tests")
        for function in functions(tree)
        if function.name.startswith("test_")
    ]


def test_every_test_checks_something() -> None:
    assert [where for where, function in every_test() if not checks_something(function)] == []


def test_every_test_is_named_by_a_sentence() -> None:
    shortest = 4  # test_ and three words
    short = [where for where, function in every_test() if len(function.name.split("_")) < shortest]
    assert short == []
