"""A form sent twice is one form: a double tap, a resend after a lost connection, the browser's back button.

The receipt is written in the transaction that does the work, so either both stand or neither. Of two
simultaneous sendings the later one fails on the receipt's primary key and all its work is undone.
"""

import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from branches.models import FormReceipt


class AlreadyDone(Exception):
    """This form was saved before. Nothing was written now; `receipt_of` says where the first answer led."""


def receipt_of(key: uuid.UUID, account) -> str | None:
    """Where the first sending of this form led; None when it was never saved by this account."""
    return FormReceipt.objects.filter(key=key, account=account).values_list("location", flat=True).first()


def keep_receipt(key: uuid.UUID, account, location: str) -> None:
    """Note that the form was saved. Call last, inside the transaction that did the work.

    Raises AlreadyDone, which must leave the transaction, when somebody was faster with the same key.
    """
    try:
        FormReceipt.objects.create(key=key, account=account, location=location)
    except IntegrityError as error:
        raise AlreadyDone from error


def once(key: uuid.UUID, account, work: Callable[[], str]) -> tuple[str, bool]:
    """Do `work` at most once for this key: (where it led, whether it was done by this call).

    `work` runs inside a transaction and returns the address to go to; what it raises leaves the
    transaction and no receipt. A key that belongs to another account is refused and tells nothing.
    """
    if done := receipt_of(key, account):
        return done, False
    try:
        with transaction.atomic():
            location = work()
            keep_receipt(key, account, location)
    except AlreadyDone as error:
        done = receipt_of(key, account)
        if done is None:
            raise PermissionDenied from error
        return done, False
    return location, True
