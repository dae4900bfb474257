"""The reference R of the benchmark: a bare Django view, one query, 50 rows of 7 columns, no middleware.

Measured as the performance notes measure it: the whole way from a request to a response, two dates a
row in the language's own format, no layout and no session.
"""

import functools
from collections.abc import Callable

from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import path, set_urlconf

from branches.models import Member

TEMPLATE = """<table>{% for m in rows %}<tr><td>{{ m.full_name }}</td><td>{{ m.birth_date|date }}</td>
<td>{{ m.sex }}</td><td>{{ m.phone }}</td><td>{{ m.national_code }}</td><td>{{ m.birth_date|date }}</td>
<td>{{ m.job }}</td></tr>{% endfor %}</table>"""


@functools.cache
def _template():
    return engines["django"].from_string(TEMPLATE)


def fifty_rows(request):
    return HttpResponse(_template().render({"rows": Member.objects.order_by("pk")[:50]}, request))


urlpatterns = [path("", fifty_rows)]


def reference() -> Callable:
    """One request to the bare view, to be called again and again."""
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=[]):
        handler.load_middleware()
    factory = RequestFactory()

    def ask():
        request = factory.get("/")
        request.urlconf = __name__
        response = handler.get_response(request)
        set_urlconf(None)  # a request leaves its addresses behind
        return response

    return ask
