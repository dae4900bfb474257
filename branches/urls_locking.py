"""The calendar lock."""

from django.urls import path

from branches.views import locking

urlpatterns = [
    path("don-vi/<int:pk>/khoa-so-lieu/", locking.locks, name="locks"),
    path("don-vi/<int:pk>/khoa-so-lieu/dat/", locking.lock_set, name="lock_set"),
    path("don-vi/<int:pk>/khoa-so-lieu/thoi-bao-truoc/", locking.lock_withdraw, name="lock_withdraw"),
    path("don-vi/<int:pk>/khoa-so-lieu/mo-tam/", locking.lock_open, name="lock_open"),
    path("khoa-so-lieu/mo-tam/<int:pk>/thoi/", locking.lock_exception_end, name="lock_exception_end"),
]
