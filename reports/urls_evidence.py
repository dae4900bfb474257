"""The evidence room of a case, under /kiem-tra/<case>/ho-so/."""

from django.urls import path

from reports.views import evidence_room

urlpatterns = [
    path("kiem-tra/<int:pk>/ho-so/", evidence_room.evidence_room, name="evidence_room"),
    path("kiem-tra/<int:pk>/ho-so/tat-ca.zip", evidence_room.evidence_zip, name="evidence_zip"),
    path("kiem-tra/<int:pk>/ho-so/<slug:key>.zip", evidence_room.evidence_zip, name="evidence_section_zip"),
    path("kiem-tra/<int:pk>/ho-so/<slug:key>/", evidence_room.evidence_section, name="evidence_section"),
    path("kiem-tra/<int:pk>/ho-so/<slug:kind>/<int:key>/", evidence_room.evidence_paper, name="evidence_paper"),
]
