"""The demo province for the tests that look into it: loaded once a module, and a few short ways to its rows."""

import datetime

from branches.models import Period, Unit

from .browsing import folder_of_the_run, load_province

TODAY = datetime.date(2026, 11, 22)


def standing(django_db_setup, django_db_blocker, tmp_path_factory):
    """The province as `manage.py load_demo` makes it, loaded once and taken away after the last test of the module.

    Yields what the loader said.
    """
    with django_db_blocker.unblock():
        try:
            yield load_province(folder_of_the_run(tmp_path_factory), TODAY)
        finally:
            django_db_setup.put_back()


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def year(number: int) -> Period:
    return Period.of_year(number)
