"""What is wrong with a record that a row would make, told without making it."""

from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Field

from branches.enrolling import SENSITIVE_FIELDS, contradictions
from branches.models import Member, SensitiveData

from .cell_numbers import PLAIN_ADDRESS


def faults_in(values: dict) -> dict[str, str]:
    """Field → Vietnamese answer, as enrolling.faults_of gives it for the same values typed into the form.

    `values` is field → value as a row was understood: only texts can be refused by their field.
    """
    faults = contradictions(values)
    for name, value in values.items():
        if type(value) is str and name != "unit" and len(value) > _surely_fits(name) and (fault := _fault(name, value)):
            faults.setdefault(name, fault)
    return faults


@cache
def _field(name: str) -> Field:
    return (SensitiveData if name in SENSITIVE_FIELDS else Member)._meta.get_field(name)


@cache
def _surely_fits(name: str) -> int:
    """Up to this length any text does: a field that asks for no more need not be asked for each row."""
    field = _field(name)
    asks_more = field.choices or any(not isinstance(one, MaxLengthValidator) for one in field.validators)
    return 0 if asks_more else field.max_length


def _fault(name: str, text: str) -> str:
    if name == "email" and len(text) < 64 and PLAIN_ADDRESS.fullmatch(text):
        return ""  # the validator of addresses would take ten times as long to say so
    return _answer(name, text)


@lru_cache(maxsize=1024)  # of sexes and levels there are few
def _answer(name: str, text: str) -> str:
    try:
        _field(name).clean(text, None)
    except ValidationError as error:
        return error.messages[0]
    return ""
