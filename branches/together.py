"""Several questions asked of the database in one statement, for pages that ask many small ones.

Each question is an ordinary queryset and the columns wanted of it. It becomes one column of the answer, its rows
as JSON in their order, and comes back as objects of the model with nothing else loaded (or as plain rows, where
the queryset groups). What a page then costs in round trips no longer depends on how much there is to ask.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from django.db.models import DateTimeField, Func, JSONField, Model, QuerySet, Subquery
from django.db.models.functions import JSONArray

from branches.models import Unit

ROW = "asked_row"


@dataclass(frozen=True)
class Question:
    """Rows of a queryset, in its order and within its slice, and their columns.

    With "pk" among the columns the rows are objects of the model, as `.only(*columns)` with `select_related` would
    give them: fields as on the model ("unit_id"), those of objects they point to ("unit__name"), and what was
    annotated. Reading any other field asks the database again. Without "pk" they are plain rows.
    Columns are texts, numbers, days, times, and yes or no.
    """

    rows: QuerySet
    columns: tuple[str, ...]


class _Row(JSONArray):
    def as_sql(self, compiler, connection, **extra):
        # Not JSONArray's own: it first asks SQLite whether it knows JSON. Every SQLite that Django supports does.
        return Func.as_sql(self, compiler, connection, **extra)


class _RowsOf(Subquery):
    """The rows of a queryset of one JSON column as one JSON array; NULL or empty where there is none."""

    output_field = JSONField()
    template = '(SELECT JSON_GROUP_ARRAY(JSON("asked_row")) FROM (%(subquery)s) AS "asked")'
    template_postgresql = '(SELECT JSONB_AGG("asked_row") FROM (%(subquery)s) AS "asked")'

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=self.template_postgresql, **extra)


def ask_together(questions: Mapping[str, Question]) -> dict[str, list]:
    """The rows of each question, by its name. One query; none without a question."""
    asked, kinds = {}, {}
    for name, question in questions.items():
        rows = question.rows.annotate(**{ROW: _Row(*question.columns)})
        kinds[name] = [part.output_field for part in rows.query.annotations[ROW].get_source_expressions()]
        asked[f"of_{name}"] = _RowsOf(rows.values(ROW))
    if not asked:
        return {}
    # A place to ask from: whatever is asked belongs to some unit, and without any there is nothing to find.
    found = Unit.objects.order_by("pk").values(**asked).first() or {}
    return {
        name: [_read(question, kinds[name], row) for row in found.get(f"of_{name}") or ()]
        for name, question in questions.items()
    }


def _read(question: Question, kinds: list, row: list):
    values = {name: _value(kind, value) for name, kind, value in zip(question.columns, kinds, row, strict=True)}
    return _object(question.rows.model, values) if "pk" in values else SimpleNamespace(**values)


def _value(kind, value):
    """A JSON value as the field's own: days and times are texts in JSON; SQLite's times are UTC without saying so."""
    value = kind.to_python(value)
    if isinstance(kind, DateTimeField) and value is not None and value.tzinfo is None:
        return value.replace(tzinfo=datetime.UTC)
    return value


def _object(model: type[Model], values: dict) -> Model:
    """An object of the model with these fields, the objects it points to, and the rest as attributes."""
    values = {(model._meta.pk.attname if name == "pk" else name): value for name, value in values.items()}
    own = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    found = model.from_db(None, own, [values.pop(name) for name in own])
    pointed = defaultdict(dict)
    for name, value in values.items():
        to, _, rest = name.partition("__")
        if rest:
            pointed[to][rest] = value
        else:
            setattr(found, name, value)
    for name, rest in pointed.items():
        field = model._meta.get_field(name)
        is_there = field.attname not in own or getattr(found, field.attname) is not None
        if is_there and field.attname in own:
            rest["pk"] = getattr(found, field.attname)
        field.set_cached_value(found, _object(field.related_model, rest) if is_there else None)
    return found
