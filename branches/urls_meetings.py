"""Addresses of meetings: the list, a meeting, its roll, agenda and votes, and the calendar."""

from django.urls import path

from branches.views import calendar_feed, meeting_agenda, meeting_roll, meetings

urlpatterns = [
    path("don-vi/<int:pk>/hop/", meetings.meeting_list, name="meeting_list"),
    path("don-vi/<int:pk>/hop/moi/", meetings.meeting_new, name="meeting_new"),
    path("hop/<int:pk>/", meetings.meeting, name="meeting"),
    path("hop/<int:pk>/sua/", meetings.meeting_edit, name="meeting_edit"),
    path("hop/<int:pk>/khong-hop/", meetings.meeting_cancel, name="meeting_cancel"),
    path("hop/<int:pk>/lai-hop/", meetings.meeting_take_back, name="meeting_take_back"),
    path("hop/<int:pk>/ket-thuc/", meetings.meeting_close, name="meeting_close"),
    path("hop/<int:pk>/mo-lai/", meetings.meeting_reopen, name="meeting_reopen"),
    path("hop/<int:pk>/moi-hop/", meetings.meeting_invite, name="meeting_invite"),
    path("hop/<int:pk>/lich.ics", meetings.meeting_ics, name="meeting_ics"),
    path("hop/<int:pk>/diem-danh/", meeting_roll.meeting_roll, name="meeting_roll"),
    path("hop/<int:pk>/diem-danh/gui/", meeting_roll.meeting_roll_batch, name="meeting_roll_batch"),
    path("hop/<int:pk>/diem-danh/them/", meeting_roll.meeting_roll_add, name="meeting_roll_add"),
    path("hop/<int:pk>/khach-moi/", meeting_roll.meeting_guests, name="meeting_guests"),
    path("hop/<int:pk>/chuong-trinh/", meeting_agenda.meeting_agenda, name="meeting_agenda"),
    path("hop/muc/<int:pk>/", meeting_agenda.meeting_item, name="meeting_item"),
    path("hop/muc/<int:pk>/ket-luan/", meeting_agenda.meeting_conclude, name="meeting_conclude"),
    path("hop/ket-luan/<int:pk>/", meeting_agenda.meeting_conclusion, name="meeting_conclusion"),
    path("hop/muc/<int:pk>/bieu-quyet/", meeting_agenda.meeting_vote, name="meeting_vote"),
    path("hop/bieu-quyet/<int:pk>/", meeting_agenda.meeting_ballot, name="meeting_ballot"),
    path("don-vi/<int:pk>/lich-hop/", calendar_feed.meeting_calendar, name="meeting_calendar"),
    path("lich/<str:token>.ics", calendar_feed.calendar_feed, name="calendar_feed"),
]
