"""Addresses of checklists: templates, the checklist of a case, the unit's own side, and on site."""

from django.urls import path

from inspections.views import case_checklist, checklists, on_site

urlpatterns = [
    # Templates
    path("phieu/", checklists.checklist_list, name="template_list"),
    path("phieu/moi/", checklists.checklist_new, name="template_new"),
    path("phieu/<int:pk>/", checklists.checklist, name="template"),
    path("phieu/<int:pk>/chep/", checklists.checklist_copy, name="template_copy"),
    path("phieu/<int:pk>/sua/", checklists.checklist_edit, name="template_edit"),
    path("phieu/<int:pk>/muc-moi/", checklists.checklist_item_new, name="template_item_new"),
    path("phieu/muc/<int:pk>/sua/", checklists.checklist_item_edit, name="template_item_edit"),
    path("phieu/muc/<int:pk>/bo/", checklists.checklist_item_remove, name="template_item_remove"),
    path("phieu/<int:pk>/dua-vao-dung/", checklists.checklist_use, name="template_use"),
    path("phieu/<int:pk>/bo/", checklists.checklist_drop, name="template_drop"),
    # In a case
    path("<int:pk>/phieu/", case_checklist.case_checklist, name="case_checklist"),
    path("<int:pk>/phieu/so-lieu/<slug:key>/", case_checklist.case_fact, name="case_fact"),
    path("<int:pk>/phieu/them/", case_checklist.case_checklist_add, name="case_checklist_add"),
    path("muc-kiem-tra/<int:pk>/bo/", case_checklist.checklist_case_remove, name="case_checklist_remove"),
    path("<int:pk>/tu-danh-gia/", case_checklist.self_check, name="self_check"),
    path("muc-kiem-tra/<int:pk>/tu-danh-gia/", case_checklist.self_check_item, name="self_check_item"),
    # On site: the service worker lies under the page it serves
    path("tai-cho/<int:pk>/", on_site.site, name="site"),
    path("tai-cho/<int:pk>/may.js", on_site.site_worker, name="site_worker"),
    path("tai-cho/<int:pk>/gui/", on_site.site_send, name="site_send"),
    path("tai-cho/<int:pk>/anh/", on_site.site_photo, name="site_photo"),
    path("tep-kiem-tra/<int:pk>/", on_site.site_file, name="site_file"),
    path("tep-kiem-tra/<int:pk>/bo/", on_site.site_file_remove, name="site_file_remove"),
    path("ghi-khac-nhau/<int:pk>/", on_site.site_choose, name="site_choose"),
]
