"""The programmes of the year, under /kiem-tra/chuong-trinh/."""

from django.urls import path

from inspections.views import programmes

urlpatterns = [
    path("chuong-trinh/", programmes.programme_list, name="programme_list"),
    path("chuong-trinh/moi/", programmes.programme_new, name="programme_new"),
    path("chuong-trinh/<int:pk>/", programmes.programme, name="programme"),
    path("chuong-trinh/<int:pk>/sua/", programmes.programme_edit, name="programme_edit"),
    path("chuong-trinh/<int:pk>/ban-hanh/", programmes.programme_issue, name="programme_issue"),
    path("chuong-trinh/<int:pk>/goi-y/", programmes.programme_take, name="programme_take"),
]
