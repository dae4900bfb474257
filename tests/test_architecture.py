"""The laws of the house that a machine can check: who imports whom, where figures are made, how long files are."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
APPS = {"branches": set(), "inspections": {"branches"}, "reports": {"branches", "inspections"}}
# Figures are made here and nowhere else: adding, dividing, comparing with a target, rounding.
FIGURE_MAKERS = {
    "reports/amounts.py",
    "reports/board.py",
    "reports/judging.py",
    "reports/progress.py",
    "reports/results.py",
    "branches/totals.py",
    "branches/completeness.py",
    "branches/assessing/quota.py",  # the share of the top level, for its warning
    "reports/emulation/scoring.py",  # points of emulation: a share of the plan, never above the cap
    "inspections/checking/scoring.py",  # the score of a checklist, and the share beside a fact
    # Rounding for the eye, and lengths of bars on paper and screen.
    "branches/formats.py",
    "reports/wording.py",
    "reports/charts.py",
    "reports/print_charts.py",
    "reports/decision_charts.py",
    "reports/papers/widths.py",
}
LONGEST = 400


def python_files(*folders):
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return [path for path in found if "migrations" not in path.parts]


def templates():
    return sorted((ROOT / "templates").rglob("*.html"))


def named(path):
    return path.relative_to(ROOT).as_posix()


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


@pytest.mark.parametrize("app", APPS)
def test_imports_run_one_way(app):
    allowed = APPS[app] | {app}
    wrong = [
        f"{named(path)} imports {module}"
        for path in python_files(app)
        for module in imported(ast.parse(path.read_text()))
        if module.split(".")[0] in set(APPS) - allowed
    ]
    assert wrong == []


def test_no_junk_drawers():
    banned = {"utils", "services", "common", "core", "helpers", "misc"}
    assert [named(p) for p in python_files(*APPS, "doanquanly") if p.stem in banned or p.parent.name in banned] == []


def test_no_file_is_long():
    long = {
        named(path): count
        for path in [*python_files(*APPS, "doanquanly"), *templates(), *(ROOT / "static").rglob("*.[cj]s*")]
        if (count := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_only_the_figure_makers_divide():
    """Division outside of them is a second way to compute a figure. (`//` is calendar arithmetic: month to quarter.)"""
    wrong = []
    for path in python_files("branches", "inspections", "reports"):
        if named(path) in FIGURE_MAKERS or "management" in path.parts or "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            rounds = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "round"
            is_path = divides and "DIR" in ast.dump(node)  # settings.BASE_DIR / "static"
            if (divides and not is_path and "size" not in ast.dump(node)) or rounds:
                wrong.append(f"{named(path)}:{node.lineno}")
    assert wrong == []


TEMPLATE_ARITHMETIC = re.compile(r"\|\s*(add|divisibleby|floatformat|sum)\b|\{%\s*widthratio\b")


def test_templates_do_not_compute():
    wrong = [
        f"{named(path)}: {found.group()}"
        for path in templates()
        if (found := TEMPLATE_ARITHMETIC.search(path.read_text()))
    ]
    assert wrong == []


def test_names_keep_their_capitals():
    """ "Nhiệm kỳ VII" in a sentence is "nhiệm kỳ VII": the filter `small` lowers one letter, `lower` all of them."""
    words = re.compile(r"name\s*\|\s*lower")
    assert [named(path) for path in templates() if words.search(path.read_text())] == []


def test_no_user_text_is_marked_safe():
    words = re.compile(r"\|\s*safe\b|autoescape off|mark_safe|SafeString\(")
    wrong = [
        named(path) for path in [*templates(), *python_files(*APPS, "doanquanly")] if words.search(path.read_text())
    ]
    assert wrong == []


def test_templates_keep_the_content_security_policy():
    """No inline style, script or handler: the policy has no `unsafe-inline`."""
    words = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.I)
    papers = ROOT / "templates" / "papers"
    wrong = [named(p) for p in templates() if papers not in p.parents and words.search(p.read_text())]
    assert wrong == []


def test_nothing_foreign_is_named_in_pages():
    words = re.compile(r"""(src|href)=["'](https?:)?//""")
    assert [named(path) for path in templates() if words.search(path.read_text())] == []


def test_lock_files_name_no_host():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_browser_tests_wait_for_what_they_expect():
    """A click returns before its page is there: what is read at once is read too early whenever the machine is busy."""
    hasty = re.compile(
        r"assert .*\.(is_visible|is_hidden|is_checked|input_value|inner_text|text_content|content)\(.*"
        r"|assert .*\bpage\.(url|title\(\)).*"
    )
    wrong = [
        f"{named(path)}: {found}"
        for path in (ROOT / "tests").glob("test_*.py")
        if "open_page" in (text := path.read_text()) and path.name != "test_architecture.py"
        for found in (match.group() for match in hasty.finditer(text))
        if not re.search(r"\b(not in|client|answer)\b", found)  # what is absent is asked after something is there
    ]
    assert wrong == []


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named():
    found = [p for app in APPS for p in (ROOT / app / "migrations").glob("0*.py")]
    assert found
    assert [named(path) for path in found if "_auto_" in path.name] == []
