"""Addresses of statistics tables: filled ones of a unit, and those a superior defines."""

from django.urls import path

from reports.views import statistics, statistics_defining

OF_UNIT = "don-vi/<int:pk>/bieu-so-lieu/"
TABLE, LINE = "bieu-so-lieu/<int:pk>/", "bieu-so-lieu/dong/<int:pk>/"

urlpatterns = [
    path(OF_UNIT, statistics.stat_tables, name="stat_tables"),
    path(f"{OF_UNIT}tai-ve.xlsx", statistics.stat_tables_xlsx, name="stat_tables_xlsx"),
    path(f"{OF_UNIT}ban-in.pdf", statistics.stat_tables_pdf, name="stat_tables_pdf"),
    path(f"{OF_UNIT}bieu.docx", statistics.stat_tables_docx, name="stat_tables_docx"),
    path(f"{OF_UNIT}rieng/", statistics_defining.stat_own, name="stat_own"),
    path(f"{OF_UNIT}moi/", statistics_defining.stat_new, name="stat_new"),
    path(f"{OF_UNIT}<int:table>/", statistics.stat_table, name="stat_table"),
    path(f"{OF_UNIT}<int:table>/dong/<int:item>/", statistics.stat_value, name="stat_value"),
    path(f"{OF_UNIT}<int:table>/dong/<int:item>/bo/", statistics.stat_value_drop, name="stat_value_drop"),
    path(TABLE, statistics_defining.stat_define, name="stat_define"),
    path(f"{TABLE}sua/", statistics_defining.stat_head, name="stat_head"),
    path(f"{TABLE}xem-thu/", statistics_defining.stat_preview, name="stat_preview"),
    path(f"{TABLE}dong/moi/", statistics_defining.stat_item_new, name="stat_item_new"),
    path(f"{TABLE}dua-vao-dung/", statistics_defining.stat_put_in_use, name="stat_put_in_use"),
    path(f"{TABLE}ban-moi/", statistics_defining.stat_new_edition, name="stat_new_edition"),
    path(f"{TABLE}thoi-dung/", statistics_defining.stat_take_out, name="stat_take_out"),
    path(f"{TABLE}bo/", statistics_defining.stat_drop, name="stat_drop"),
    path(LINE, statistics_defining.stat_item, name="stat_item"),
    path(f"{LINE}bo/", statistics_defining.stat_item_drop, name="stat_item_drop"),
    path(f"{LINE}chuyen/", statistics_defining.stat_item_move, name="stat_item_move"),
]
