"""The permission rule asked in its two forms: which rows a person reaches, and which verbs they hold at a unit."""

import pytest

from branches.models import Unit, Verb
from branches.scoping import reach, rights_at

from .access_world import World

pytestmark = pytest.mark.django_db


def test_rows_reached_and_verbs_held_agree_for_every_person_unit_and_verb(media):
    """Buttons are shown by `rights_at`, doors are opened by `reach`: neither may know a right the other does not."""
    accounts, units = World().accounts, list(Unit.objects.order_by("pk"))
    held = {(name, unit.pk, verb) for name, one in accounts.items() for unit in units for verb in rights_at(one, unit)}
    reached = {
        (name, pk, verb)
        for name, one in accounts.items()
        for verb in Verb.values
        for pk in Unit.objects.filter(reach(one, right=verb)).values_list("pk", flat=True)
    }
    assert held == reached
    assert ("secretary", units[2].pk, "record") in held  # the comparison is not of two empty sets
    assert not {name for name, _, _ in held} & {"former", "no_post", "superuser_without_post"}
