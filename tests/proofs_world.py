"""The proof of a frozen paper, in World and in the tables of access and attacks (report_worlds.py).

Its page is open to whoever holds the secret (BY_SECRET of access_expectations.py); there is nothing to send to it.
"""

from reports.models import PaperProof

EXPECTED: dict = {}
POST_ONLY: set = set()
FORMS: dict = {}
ATTACKS: list = []
SPOILT: dict = {}


def add(world) -> None:
    """Of the approved edition that submissions_world made."""
    world.proof = PaperProof.objects.create(submission=world.edition)


def objects(world) -> dict:
    return {}


def arguments(world) -> dict:
    return {}
