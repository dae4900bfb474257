"""Rounds, in World and in the tables of access and attacks (report_worlds.py)."""

EXPECTED: dict = {}
POST_ONLY: set = set()
FORMS: dict = {}
ATTACKS: list = []
SPOILT: dict = {}


def add(world) -> None:
    """What this part needs beside what the world has already."""


def objects(world) -> dict:
    """Address → the object it is about."""
    return {}


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {}
