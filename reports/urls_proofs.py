"""Address: what a print says of itself. Short, because it is printed and typed; no slash at its end."""

from django.urls import path

from reports.views import proofs

urlpatterns = [path("v/<str:token>", proofs.paper_proof, name="paper_proof")]
