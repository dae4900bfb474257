"""One process that writes as hard as it can; test_database.py starts several of them at once.

Each transaction reads the one Tally row, writes it back raised by one and adds a Line: what every
verb of the project does in small. Afterwards the tally must equal the number of lines and the number
of transactions reported as done, or work was lost.

Reads its orders as JSON from the first line of standard input, prints "ready", waits for a second
line (so that all start together) and prints what happened as JSON.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from contextlib import nullcontext

import django
from django.conf import settings


def define_models():
    """Tally and Line, known to no app registry but their own."""
    from django.apps.registry import Apps
    from django.db import models

    registry = Apps()

    class Tally(models.Model):
        number = models.IntegerField(default=0)

        class Meta:
            app_label = "hammer"
            apps = registry

    class Line(models.Model):
        text = models.CharField(max_length=400)

        class Meta:
            app_label = "hammer"
            apps = registry

    return Tally, Line


def configure(database: dict):
    """Django with this one database and nothing else: starts in a fraction of the time."""
    settings.configure(DATABASES={"default": database}, USE_TZ=True, TIME_ZONE="Asia/Ho_Chi_Minh")
    django.setup()


def hammer(tally_model, line_model, *, transactions: int, lock: bool) -> dict:
    """Runs the transactions; returns how many were done, the errors by name and the longest in ms."""
    from django.db import Error, transaction

    done, errors, longest = 0, Counter(), 0.0
    for _ in range(transactions):
        started = time.perf_counter()
        try:
            with transaction.atomic():
                _add_one(tally_model, line_model, lock=lock)
            done += 1
        except Error as error:
            errors[type(error).__name__] += 1
        longest = max(longest, time.perf_counter() - started)
    return {"done": done, "errors": dict(errors), "longest_ms": round(longest * 1000)}


def die_halfway(tally_model, line_model, *, transactions: int, atomic: bool):
    """Runs the transactions and is killed, as by a power cut, between the two writes of one more."""
    from django.db import transaction

    for _ in range(transactions):
        with transaction.atomic():
            _add_one(tally_model, line_model, lock=True)
    with transaction.atomic() if atomic else nullcontext():
        _add_one(tally_model, line_model, lock=atomic, in_between=lambda: os.kill(os.getpid(), signal.SIGKILL))


def _add_one(tally_model, line_model, *, lock: bool, in_between=lambda: None):
    rows = tally_model.objects.order_by("pk")
    tally = (rows.select_for_update() if lock else rows).get()
    tally.number += 1
    tally.save()
    in_between()
    line_model.objects.create(text="x" * 400)


def main():
    orders = json.loads(sys.stdin.readline())
    configure(orders["database"])
    models = define_models()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if orders["die"]:
        die_halfway(*models, transactions=orders["transactions"], atomic=orders["atomic"])
    result = hammer(*models, transactions=orders["transactions"], lock=orders["lock"])
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
