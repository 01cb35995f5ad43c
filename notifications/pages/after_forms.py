"""What is typed around a result: the wet read, a welfare check, the referring office, the emergency contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import ReferrerNotice, ResultCategory, WelfareChoice
from clinic.services.referrers import Notice, Office
from clinic.services.wet_reads import Spoken
from notifications.pages.result_forms import CHOOSE


class WetReadForm(forms.Form):
    """The physician's spoken impression, and to whom."""

    category = forms.ChoiceField(label=_("Impression, as spoken"), choices=[CHOOSE, *ResultCategory.choices])
    told_to = forms.CharField(label=_("Spoken to"), max_length=120, help_text=_("The clinician who treats."))
    read_back = forms.BooleanField(label=_("They read it back correctly"), required=False)
    in_person = forms.BooleanField(label=_("In person, not by phone"), required=False)

    def spoken(self) -> Spoken:
        """What the service takes."""
        return Spoken(**self.cleaned_data)


class WelfareForm(forms.Form):
    """A named clinician's decision."""

    choice = forms.ChoiceField(label=_("Decision"), choices=WelfareChoice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why?"), max_length=200)


class OfficeForm(forms.Form):
    """Who referred the patient."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40)
    practice = forms.CharField(label=_("Practice"), max_length=120, required=False)
    npi = forms.CharField(label=_("NPI"), max_length=10, required=False)
    fax = forms.CharField(label=_("Fax"), max_length=40, required=False)
    direct_address = forms.CharField(label=_("Direct address"), max_length=120, required=False)

    def office(self) -> Office:
        """What the service takes."""
        return Office(**self.cleaned_data)


class NoticeForm(forms.Form):
    """How the referring office was told."""

    how = forms.ChoiceField(label=_("How?"), choices=ReferrerNotice.How.choices)
    sent_to = forms.CharField(label=_("To whom, or where"), max_length=120)
    confirmed_by = forms.CharField(
        label=_("Confirmed by"), max_length=120, required=False, help_text=_("Empty while nobody has confirmed it.")
    )

    def notice(self) -> Notice:
        """What the service takes."""
        return Notice(**self.cleaned_data)


class ContactForm(forms.Form):
    """Whom to ask where the patient answers no call."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
