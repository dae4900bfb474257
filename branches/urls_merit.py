"""Addresses of the way to the Party, of awards and of discipline."""

from django.urls import path

from branches.views import awards, discipline, from_ballot, party_way

urlpatterns = [
    path("hop/bieu-quyet/<int:pk>/ghi-tiep/", from_ballot.ballot_onward, name="ballot_onward"),
    path("don-vi/<int:pk>/vao-dang/", party_way.party_way, name="party_way"),
    path("don-vi/<int:pk>/vao-dang/<slug:kind>/", party_way.party_list, name="party_list"),
    path("doan-vien/<int:pk>/vao-dang/", party_way.party_member, name="party_member"),
    path("doan-vien/<int:pk>/vao-dang/<slug:kind>/", party_way.party_step_new, name="party_step_new"),
    path("buoc-vao-dang/<int:pk>/sua/", party_way.party_step_edit, name="party_step_edit"),
    path("buoc-vao-dang/<int:pk>/bo/", party_way.party_step_drop, name="party_step_drop"),
    path("doan-vien/<int:pk>/nhan-xet-tien-bo/", party_way.party_remark_new, name="party_remark_new"),
    path("nhan-xet-tien-bo/<int:pk>/", party_way.party_remark_edit, name="party_remark_edit"),
    path("don-vi/<int:pk>/khen-thuong/", awards.award_list, name="award_list"),
    path("don-vi/<int:pk>/khen-thuong/moi/", awards.award_new, name="award_new"),
    path("don-vi/<int:pk>/khen-thuong/tai-ve.xlsx", awards.award_xlsx, name="award_xlsx"),
    path("khen-thuong/<int:pk>/sua/", awards.award_edit, name="award_edit"),
    path("khen-thuong/<int:pk>/bo/", awards.award_drop, name="award_drop"),
    path("don-vi/<int:pk>/ky-luat/", discipline.discipline_list, name="discipline_list"),
    path("don-vi/<int:pk>/ky-luat/don-vi-vi-pham/", discipline.discipline_unit_new, name="discipline_unit_new"),
    path("doan-vien/<int:pk>/ky-luat/moi/", discipline.discipline_new, name="discipline_new"),
    path("ky-luat/<int:pk>/", discipline.discipline, name="discipline"),
    path("ky-luat/<int:pk>/sua/", discipline.discipline_edit, name="discipline_edit"),
    path("ky-luat/<int:pk>/hop-xet/", discipline.discipline_review, name="discipline_review"),
    path("ky-luat/<int:pk>/quyet-dinh/", discipline.discipline_decide, name="discipline_decide"),
    path("ky-luat/<int:pk>/thoi-xem-xet/", discipline.discipline_dismiss, name="discipline_dismiss"),
    path("ky-luat/<int:pk>/cong-nhan-sua-chua/", discipline.discipline_lift, name="discipline_lift"),
    path("ky-luat/<int:pk>/khieu-nai/", discipline.discipline_appeal, name="discipline_appeal"),
]
