"""A form sent twice is one form: the receipt remembers where the first answer led."""

from django.conf import settings
from django.db import models


class FormReceipt(models.Model):
    """Written in the transaction that did the work; a second use of the key finds it here."""

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    location = models.CharField(max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "biên nhận biểu mẫu"
