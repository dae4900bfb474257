from django.apps import AppConfig
from django.db.backends.signals import connection_created


def use_what_sqlite_can_do(connection, **kwargs):
    """Let bulk writes use as many parameters as this SQLite takes.

    Django 5.2 assumes 999, the limit of 2020, and would cut an import of 10,000 members into hundreds
    of statements. Newer Django asks the library, as is done here.
    """
    if connection.vendor == "sqlite":
        import sqlite3

        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "Chi đoàn"

    def ready(self):
        from doanquanly import checks  # noqa: F401

        connection_created.connect(use_what_sqlite_can_do, dispatch_uid="sqlite-parameters")
