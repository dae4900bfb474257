"""The administration site: posts, accounts, the catalogue and the rules. Units change by verbs only.

Only people marked as staff get in, through the ordinary sign-in with its rate limits and second step.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group

from branches.models import (
    Account,
    ConsentText,
    CriteriaSet,
    Criterion,
    DutyType,
    Indicator,
    Label,
    LabelSet,
    Post,
    PostType,
    Rule,
    SensitiveAccess,
    Unit,
    WorkArea,
)

admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Đoàn quản lý: quản trị"
admin.site.index_title = "Chức vụ, tài khoản, danh mục, quy định"


class NewAccountForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = Account
        fields = ("username", "full_name")


class PostInline(admin.TabularInline):
    model = Post
    fields = ("unit", "type", "term", "starts_on", "ends_on", "decision")
    autocomplete_fields = ("unit",)
    raw_id_fields = ("term",)
    extra = 0


@admin.register(Account)
class AccountAdmin(UserAdmin):
    """Rights come from posts; groups and single permissions of the framework are not used."""

    add_form = NewAccountForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "full_name", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "member")}),
        ("Thư nhắc hằng tuần", {"fields": ("email", "wants_digest")}),
        ("Trang quản trị", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Thời điểm", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "full_name")
    ordering = ("username", "pk")
    raw_id_fields = ("member",)
    filter_horizontal = ()
    inlines = (PostInline,)
    list_per_page = 50
    show_full_result_count = False


@admin.register(PostType)
class PostTypeAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "body", "verbs_here", "verbs_below")
    ordering = ("position", "pk")


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    """Handing over: end the old post on a day and write the new one from that day."""

    list_display = ("account", "type", "unit", "starts_on", "ends_on", "decision")
    list_select_related = ("account", "type", "unit")
    list_filter = ("type",)
    search_fields = ("account__full_name", "account__username", "unit__name")
    autocomplete_fields = ("account", "unit")
    raw_id_fields = ("term",)
    ordering = ("-starts_on", "pk")
    list_per_page = 50
    show_full_result_count = False


@admin.register(WorkArea)
class WorkAreaAdmin(admin.ModelAdmin):
    list_display = ("position", "name", "code")
    list_display_links = ("name",)
    ordering = ("position", "pk")


@admin.register(Indicator)
class IndicatorAdmin(admin.ModelAdmin):
    """What changes the meaning of a number needs a new code; an edition in use keeps its meaning."""

    list_display = ("name", "unit_word", "measure", "area", "first_year", "last_year", "owner")
    list_select_related = ("area", "owner")
    list_filter = ("area", "measure")
    search_fields = ("name", "code")
    autocomplete_fields = ("of", "owner")
    ordering = ("area__position", "position", "pk")
    list_per_page = 100

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return ("code", "measure", "over_time", "over_units", "source", "register_key", "unit_word", "of", "owner")


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    list_display = ("key", "value", "valid_from", "valid_to", "source")
    list_filter = ("key",)
    search_fields = ("key", "source")
    ordering = ("key", "-valid_from", "pk")


@admin.register(DutyType)
class DutyTypeAdmin(admin.ModelAdmin):
    """A new rhythm or another due day is a new edition with its day; past years keep theirs."""

    list_display = ("name", "rhythm", "fulfilled_by", "due_days", "owner", "starts_on", "ends_on")
    list_select_related = ("owner",)
    list_filter = ("rhythm",)
    raw_id_fields = ("owner",)
    ordering = ("position", "code", "starts_on", "pk")

    def get_readonly_fields(self, request, obj=None):
        return ("code", "rhythm", "fulfilled_by", "starts_on") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False


class LabelInline(admin.TabularInline):
    model = Label
    extra = 0


class CriterionInline(admin.TabularInline):
    model = Criterion
    extra = 0


class DatedSetAdmin(admin.ModelAdmin):
    """A set that a round has used is never taken away; another one begins on its day."""

    list_display = ("name", "starts_on", "ends_on", "source")
    ordering = ("-starts_on", "pk")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LabelSet)
class LabelSetAdmin(DatedSetAdmin):
    inlines = (LabelInline,)


@admin.register(CriteriaSet)
class CriteriaSetAdmin(DatedSetAdmin):
    list_filter = ("subject",)
    inlines = (CriterionInline,)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the verbs write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    """Read only: founding, renaming, moving and dissolving leave an event with its decision."""

    list_display = ("name", "kind", "code", "dissolved_on")
    list_filter = ("kind",)
    search_fields = ("name", "code")
    ordering = ("path", "pk")


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """A new wording is a new row: people agreed to the old one word for word."""

    list_display = ("title", "purpose", "version", "valid_from")
    fields = ("purpose", "version", "title", "body", "valid_from")
    ordering = ("purpose", "-version")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SensitiveAccess)
class SensitiveAccessAdmin(ReadOnlyAdmin):
    """Who opened or changed what is kept closed. The administrator does not read the register: numbers, no names."""

    list_display = ("created_at", "account", "kind", "record", "home")
    list_display_links = None
    list_filter = ("kind",)
    list_select_related = ("account", "member__home")
    search_fields = ("account__full_name", "account__username", "member__home__name")
    fields = list_display
    ordering = ("-pk",)

    @admin.display(description="hồ sơ đoàn viên")
    def record(self, access):
        return f"Hồ sơ số {access.member_id}"

    @admin.display(description="chi đoàn")
    def home(self, access):
        return access.member.home


admin.site.unregister(Group)
