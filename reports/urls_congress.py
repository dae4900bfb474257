"""Addresses of the congress papers of a unit's term."""

from django.urls import path

from reports.views import congress

TERM = "don-vi/<int:pk>/nhiem-ky/<int:period>/dai-hoi/"

urlpatterns = [
    path(TERM, congress.congress, name="congress"),
    path(f"{TERM}du-thao-chi-tieu/", congress.congress_targets, name="congress_targets"),
    path(f"{TERM}dua-vao-ke-hoach/", congress.congress_adopt, name="congress_adopt"),
    path(f"{TERM}<slug:kind>/", congress.congress_paper, name="congress_paper"),
    path(f"{TERM}<slug:kind>/ban-hanh/", congress.congress_issue, name="congress_issue"),
    *(
        path(
            f"{TERM}<slug:kind>/van-ban.{ending}", congress.congress_paper_print, {"ending": ending},
            name=f"congress_paper_{ending}",
        )
        for ending in ("pdf", "docx")
    ),
]  # fmt: skip
