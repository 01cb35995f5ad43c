"""The kernel's tables for an administrator. What services write, or what is history, is read here and nothing more."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa import admin as second_factors
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic.languages import INTERPRETED
from clinic.models import (
    Center,
    Closure,
    Consent,
    Departure,
    Disclosure,
    Episode,
    Event,
    IdentityCheck,
    Integration,
    License,
    OpeningHours,
    Order,
    Patient,
    PatientMerge,
    ReferrerNotice,
    Registration,
    Report,
    ReportVersion,
    Representative,
    ResultAlert,
    ResultCall,
    Staff,
    Step,
    TherapyDecision,
    TreatmentStart,
    VillaltaScore,
    WelfareDecision,
    WetRead,
)

admin.site.site_header = _("Vein Center administration")
admin.site.site_title = _("Vein Center")
admin.site.index_title = _("Tables")
# One log-in for all, with its limit of tries; who is logged in but may not enter reads why.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


# A second factor is set up by its owner, and removed on the page of people: nobody edits one as a row.
admin.site.unregister(second_factors.Authenticator)


class ReadOnly:
    """Rows to look at: services write them, or nobody ever does."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A table to look at."""

    show_full_result_count = False
    list_per_page = 50


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of another table, to look at beside their head."""

    extra = 0


def beside(rows: type[models.Model]) -> type[ReadOnlyInline]:
    """Return the rows of a table as they stand beside their head: what was done about it, append-only."""
    return type(f"{rows.__name__}Inline", (ReadOnlyInline,), {"model": rows, "__doc__": rows.__doc__})


class HoursInline(ReadOnlyInline):
    """A center's hours: `manage.py import_centers` changes them, and the open days with them."""

    model = OpeningHours


class ClosureInline(ReadOnlyInline):
    """A center's closures."""

    model = Closure


@admin.register(Center)
class CenterAdmin(admin.ModelAdmin):
    """Centers: what a patient reads of them. Where and when they are open is imported."""

    list_display = ("code", "name", "city", "state", "phone", "standing_protocol", "active")
    list_filter = ("active", "standing_protocol", "state")
    search_fields = ("code", "name", "city", "zip")
    readonly_fields = ("code", "zone", "latitude", "longitude", "zip", "state")
    inlines = (HoursInline, ClosureInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Centers are imported with their hours, all or none."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A center is closed by its ``active`` mark: its history stays."""
        return False


class LicenseInline(admin.TabularInline):
    """A practitioner's licenses."""

    model = License
    extra = 0


#: What the page of people writes.
_ENDED = ("is_active", "ended_at", "ended_reason")


class StaffForm(UserChangeForm):
    """An account; the languages of its person are chosen by their names."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=INTERPRETED.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those besides English that they speak with patients."),
    )


@admin.register(Staff)
class StaffAdmin(UserAdmin):
    """People who work here. Who leaves is marked as not active; what they signed keeps their name."""

    form = StaffForm
    list_display = ("username", "first_name", "last_name", "role", "home_center", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("home_center",)
    autocomplete_fields = ("home_center",)
    inlines = (LicenseInline,)
    # An account ends on the page of people, which hands over what its person owes.
    readonly_fields = _ENDED
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "phone", "npi")}),
        (
            _("Work"),
            {
                "fields": (
                    "role",
                    "home_center",
                    "medical_director",
                    "languages",
                    "is_active",
                    "ended_at",
                    "ended_reason",
                )
            },
        ),
        (_("Administration"), {"fields": ("is_staff", "is_superuser"), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2", "first_name", "last_name", "role", "home_center")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What they signed keeps their name."""
        return False


@admin.register(Integration)
class IntegrationAdmin(admin.ModelAdmin):
    """Programs with a token: what each may do, and since when no more. The token itself is not kept."""

    list_display = ("name", "scopes", "created_at", "revoked_at")
    readonly_fields = ("digest", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A token is made by a command, which shows it once."""
        return False


class RegistrationInline(ReadOnlyInline):
    """What check-in completed."""

    model = Registration


class RepresentativeInline(ReadOnlyInline):
    """Who speaks for the patient."""

    model = Representative
    fields = ("kind", "name", "phone", "document", "expires_on", "ended_at")


@admin.register(Patient)
class PatientAdmin(ReadOnlyAdmin):
    """Patients."""

    list_display = ("id", "family_name", "given_name", "birth_date", "phone", "language")
    search_fields = ("family_name__istartswith", "phone__endswith")
    inlines = (RegistrationInline, RepresentativeInline)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Consents and revocations: append-only."""

    list_display = ("phone", "granted", "channel", "language", "at")
    list_filter = ("granted", "channel")


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    """What was disclosed, to whom, on what ground: append-only."""

    list_display = ("id", "at", "patient", "to_whom", "ground", "way", "report_id", "by")
    list_filter = ("ground", "way")
    list_select_related = ("patient", "by")


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    """Who was asked who they are: append-only."""

    list_display = ("id", "at", "patient", "representative", "passed", "called_back", "by")
    list_filter = ("passed", "called_back")
    list_select_related = ("patient", "representative", "by")


@admin.register(PatientMerge)
class PatientMergeAdmin(ReadOnlyAdmin):
    """Records that were found to be one person's."""

    list_display = ("id", "at", "duplicate", "kept", "two_open_episodes", "by", "undone_at")
    list_select_related = ("duplicate", "kept", "by")


class StepInline(ReadOnlyInline):
    """An episode's steps."""

    model = Step
    fk_name = "episode"
    fields = ("kind", "status", "owner_role", "owner", "due_at", "ended_at")


@admin.register(Episode)
class EpisodeAdmin(ReadOnlyAdmin):
    """Episodes of care with their steps."""

    list_display = ("id", "patient", "kind", "status", "center", "opened_at", "closing_reason")
    list_filter = ("status", "kind")
    list_select_related = ("patient", "center")
    inlines = (StepInline, *map(beside, (Order, TreatmentStart, VillaltaScore, TherapyDecision)))


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    """What must happen next."""

    list_display = ("id", "kind", "status", "owner_role", "owner", "center", "due_at")
    list_filter = ("status", "kind", "owner_role")
    list_select_related = ("owner", "center")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports with their versions and calls."""

    list_display = ("id", "status", "center", "scan_ended_at", "signed_by", "patient_told_at")
    list_filter = ("status",)
    list_select_related = ("center", "signed_by")
    inlines = (
        *map(beside, (ReportVersion, ResultCall)),
        *map(beside, (WetRead, ResultAlert, Departure, WelfareDecision, ReferrerNotice)),
    )


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What happened: append-only."""

    list_display = ("id", "at", "kind", "actor_kind", "actor_id", "episode_id", "subject_kind", "subject_id")
    list_filter = ("actor_kind",)
    search_fields = ("=kind",)
