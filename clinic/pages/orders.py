"""The orders of an episode on one page: what is in force, a clinician's signature, and one that came in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission, allowed
from clinic.errors import NotFound
from clinic.models import ChartPage, Episode, Order, OrderPriority, OrderStatus, Side, StepStatus, Study
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.selectors.orders import orders_of
from clinic.services.charts import read_chart
from clinic.services.signing_orders import Received, Signing, receive_order, sign_order


class OrderForm(forms.Form):
    """A clinician's order."""

    study = forms.ChoiceField(label=lazy("Study"), choices=Study.choices)
    side = forms.ChoiceField(label=lazy("Side"), choices=Side.choices, widget=forms.RadioSelect)
    priority = forms.ChoiceField(label=lazy("Priority"), choices=OrderPriority.choices)
    indication = forms.CharField(label=lazy("Indication"), required=False, max_length=200)
    reason = forms.CharField(label=lazy("Why it is amended"), required=False, max_length=200)

    def __init__(self, *args: Any, amends: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not amends:
            del self.fields["reason"]

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class ReceivedForm(OrderForm):
    """The referring clinician's signed order."""

    field_order = ("practitioner", "npi")

    practitioner = forms.CharField(label=lazy("Signed by"), max_length=120)
    npi = forms.CharField(label=lazy("Their NPI"), max_length=10)


@require_safe
@staff_page(Permission.READ_EPISODES)
def orders_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The orders of one episode."""
    return _page(request, actor, pk)


@staff_action(Permission.SIGN_ORDERS)
def order_sign(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A clinician signs, or amends with a reason."""
    form = OrderForm(request.POST, amends=_amends(pk), auto_id="own_%s")
    if form.is_valid():
        with refusals_in(form):
            sign_order(actor, episode_id=pk, signing=Signing(**form.given()))
            messages.success(request, _("The order is signed."))
            return redirect("staff-orders", pk)
    return _page(request, actor, pk, own=form)


@staff_action(Permission.REFER)
def order_received(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The referring clinician's signed order came in."""
    form = ReceivedForm(request.POST, amends=_amends(pk), auto_id="received_%s")
    if form.is_valid():
        with refusals_in(form):
            receive_order(actor, episode_id=pk, received=Received(**form.given()))
            messages.success(request, _("The order is recorded."))
            return redirect("staff-orders", pk)
    return _page(request, actor, pk, received=form)


def _amends(pk: int) -> bool:
    """Whether what is signed next takes the place of a signed order."""
    rows = [row for row in orders_of(pk) if row.status != OrderStatus.AMENDED]
    wanted = any(row.status == OrderStatus.WANTED for row in rows)
    return not wanted and any(row.step is None or row.step.status != StepStatus.DONE for row in rows)


def _page(request: HttpRequest, actor: Actor, pk: int, **bound: OrderForm) -> HttpResponse:
    episode = Episode.objects.select_related("patient", "center").filter(pk=pk).first()
    if episode is None:
        raise NotFound(_("There is no such episode."))
    read_chart(actor, patient_id=episode.patient_id, page=ChartPage.ORDERS, episode_id=pk)
    orders = list(orders_of(pk))
    last = next((row for row in orders if row.status != OrderStatus.AMENDED), None)
    amends, known = _amends(pk), _known(last)
    made = {
        "own": OrderForm(amends=amends, auto_id="own_%s", initial=known),
        "received": ReceivedForm(amends=amends, auto_id="received_%s", initial=known),
    }
    shown = {
        "episode": episode,
        "zone": episode.center.zone,
        "orders": orders,
        "amends": amends,
        "forms": made | bound,
        "signs": episode.status == "open" and allowed(actor, Permission.SIGN_ORDERS),
        "receives": episode.status == "open" and allowed(actor, Permission.REFER),
    }
    wrong = any(form.errors for form in bound.values())
    return render(request, "clinic/staff/orders.html", shown, status=422 if wrong else 200)


def _known(order: Order | None) -> dict[str, str]:
    """What a form begins with: the order as it stands."""
    if order is None:
        return {"priority": OrderPriority.URGENT}
    return {name: getattr(order, name) for name in ("study", "side", "priority", "indication")}
