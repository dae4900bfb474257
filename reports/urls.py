"""Addresses of what it adds up to: home, plan against result, the board, reports and papers."""

from django.urls import path

from reports.views import board, figures, home, progress

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    # Plan against result
    path("don-vi/<int:pk>/ket-qua/", progress.progress, name="progress"),
    path("don-vi/<int:pk>/ket-qua/tai-ve.xlsx", progress.progress_xlsx, name="progress_xlsx"),
    path("don-vi/<int:pk>/ket-qua/<slug:code>/", figures.figure, name="figure"),
    path("don-vi/<int:pk>/ket-qua-se-thanh/", figures.quantity_effect, name="quantity_effect"),
    path("don-vi/<int:pk>/bang/", board.board, name="board"),
    path("don-vi/<int:pk>/bang/tai-ve.xlsx", board.board_xlsx, name="board_xlsx"),
]
