"""Addresses of dues, slips to the superior and the fund book."""

from django.urls import path

from branches.views import dues, dues_people, fund, remittances

urlpatterns = [
    path("don-vi/<int:pk>/doan-phi/", dues.dues, name="dues"),
    path("don-vi/<int:pk>/doan-phi/thu/", dues.dues_receive, name="dues_receive"),
    path("don-vi/<int:pk>/doan-phi/tai-ve.xlsx", dues.dues_xlsx, name="dues_xlsx"),
    path("don-vi/<int:pk>/doan-phi/phieu-thu/", dues.dues_receipts, name="dues_receipts"),
    path("don-vi/<int:pk>/doan-phi/con-no/", dues.dues_arrears, name="dues_arrears"),
    path("phieu-thu/<int:pk>/", dues.dues_receipt, name="dues_receipt"),
    path("phieu-thu/<int:pk>/huy/", dues.dues_receipt_undo, name="dues_receipt_undo"),
    path("don-vi/<int:pk>/doan-phi/dien-dong/", dues_people.dues_statuses, name="dues_statuses"),
    path("doan-vien/<int:pk>/doan-phi/", dues_people.dues_member, name="dues_member"),
    path("doan-vien/<int:pk>/doan-phi/mien/", dues_people.dues_exempt, name="dues_exempt"),
    path("mien-doan-phi/<int:pk>/bo/", dues_people.dues_exempt_undo, name="dues_exempt_undo"),
    path("don-vi/<int:pk>/nop-doan-phi/", remittances.remittance_list, name="remittance_list"),
    path("don-vi/<int:pk>/nop-doan-phi/moi/", remittances.remittance_new, name="remittance_new"),
    path("nop-doan-phi/<int:pk>/", remittances.remittance, name="remittance"),
    path("nop-doan-phi/<int:pk>/nhan/", remittances.remittance_accept, name="remittance_accept"),
    path("nop-doan-phi/<int:pk>/tra-lai/", remittances.remittance_return, name="remittance_return"),
    path("nop-doan-phi/<int:pk>/rut/", remittances.remittance_withdraw, name="remittance_withdraw"),
    path("don-vi/<int:pk>/quy/", fund.fund, name="fund"),
    path("don-vi/<int:pk>/quy/moi/", fund.fund_new, name="fund_new"),
    path("don-vi/<int:pk>/quy/tai-ve.xlsx", fund.fund_xlsx, name="fund_xlsx"),
    path("quy/<int:pk>/huy/", fund.fund_undo, name="fund_undo"),
]
