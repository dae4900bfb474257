"""Going back to tables as they once were, and forwards again with rows in them."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(targets: list[tuple[str, str]]):
    """To the targets, forwards or backwards; the models as they are there."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def newest(app: str | None = None) -> list[tuple[str, str]]:
    """The last migration of the app, or of each."""
    return MigrationExecutor(connection).loader.graph.leaf_nodes(app)
