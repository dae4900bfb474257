"""The worlds of the parts of reports and of the calendar lock, for the tables of the access and security tests."""

from . import (
    congress_world,
    locking_world,
    print_jobs_world,
    proofs_world,
    rolling_world,
    rounds_world,
    scoring_world,
    statistics_world,
    submissions_world,
    word_templates_world,
    writing_world,
)

PARTS = (
    rounds_world, submissions_world, writing_world, rolling_world, statistics_world, scoring_world,
    word_templates_world, print_jobs_world, proofs_world, locking_world, congress_world,
)  # fmt: skip
EXPECTED = {name: line for part in PARTS for name, line in part.EXPECTED.items()}
POST_ONLY = {name for part in PARTS for name in part.POST_ONLY}
FORMS = {name: form for part in PARTS for name, form in part.FORMS.items()}
ATTACKS = [attack for part in PARTS for attack in part.ATTACKS]
SPOILT = {name: fields for part in PARTS for name, fields in part.SPOILT.items()}


def add_reports(world) -> None:
    for part in PARTS:
        part.add(world)


def reports_objects(world) -> dict:
    return {name: one for part in PARTS for name, one in part.objects(world).items()}


def reports_arguments(world) -> dict:
    return {name: said for part in PARTS for name, said in part.arguments(world).items()}
