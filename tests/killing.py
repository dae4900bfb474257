"""Kills a process in the middle of a step: after its first write to the database, after its second, and so on."""

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from unittest import mock

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic

from .test_dues_crash import in_children

WRITES = ("INSERT", "UPDATE", "DELETE")


class KilledAfter:
    """Asked around every statement (`connection.execute_wrapper`): dies once `count` writes are done."""

    def __init__(self, count: int):
        self.left = count

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
        return answer


def killed_after(count: int, step: Callable, *, together: bool = True) -> bool:
    """Whether the step was killed after that many writes; False where it came to its end before.

    Without `together` every write stands by itself, as if nobody had begun a transaction: the control.
    """

    def work():
        with nullcontext() if together else apart(), connection.execute_wrapper(KilledAfter(count)):
            step()

    (end,) = in_children([work])
    assert end in (0, signal.SIGKILL), f"ended with {end} after {count} writes"
    return end == signal.SIGKILL


def killed_everywhere(step: Callable, standing: Callable) -> list:
    """What stood after each death, from the first write to the last; then the step was done as if nothing had been."""
    seen = []
    for count in itertools.count(1):
        if not killed_after(count, step):
            return seen
        seen.append(standing())


@contextmanager
def apart() -> Iterator[None]:
    """Without transactions, and without the locks that need one."""
    nothing = mock.patch.multiple(Atomic, __enter__=lambda self: None, __exit__=lambda self, *error: None)
    unlocked = mock.patch.object(QuerySet, "select_for_update", lambda rows, **how: rows)
    with nothing, unlocked:
        yield
