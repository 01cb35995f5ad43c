"""From raw answers (JSON) to ``Answers``, or to a list of every fault by field."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from triage.answers import dates, measures
from triage.answers.errors import AnswerError, AnswersInvalid
from triage.answers.groups import (
    Answers,
    Constans,
    Context,
    Emergency,
    History,
    LimbThreat,
    Symptoms,
    Wells,
)
from triage.answers.kept import DATE_KEYS, check_kept
from triage.answers.person import read_person
from triage.answers.site import read_site
from triage.answers.values import Alternative, Anticoagulant, Limb, Tri

MAX_ONSET_DAYS = 45_000

TRI: Mapping[str, Tri] = {str(value): value for value in Tri}
LIMBS: Mapping[str, Limb] = {str(value): value for value in Limb}
ANTICOAGULANTS: Mapping[str, Anticoagulant] = {str(value): value for value in Anticoagulant}
ALTERNATIVES: Mapping[str, Alternative] = {str(value): value for value in Alternative}

TOP_LEVEL = frozenset(field.name for field in fields(Answers))
CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "anticoagulant": ANTICOAGULANTS,
    "alternative_dx_clinician": ALTERNATIVES,
}
# For every key of a group, the answers that it allows.
ALLOWED: Mapping[type, Mapping[str, Mapping[str, Any]]] = {
    group: {field.name: CHOSEN.get(field.name, TRI) for field in fields(group)}
    for group in (Emergency, LimbThreat, Symptoms, Constans, History, Wells, Context)
}

Group = TypeVar("Group")


def parse(raw: Mapping[str, Any], *, on: date | None) -> Answers:
    """The answers in ``raw``; a missing key is unknown. ``on`` is today where the patient is.

    ``on`` may be None only where no date is given. Raises ``AnswersInvalid`` with every fault: unknown keys, wrong
    kinds, impossible ages and dates, and answers that clash with the dates given.
    """
    if not isinstance(raw, Mapping):
        raise AnswersInvalid([AnswerError("", "object", "Send one object with the groups of answers.")])
    errors = [AnswerError(str(key), "unknown_key", "This key is not known.") for key in raw if key not in TOP_LEVEL]
    context_raw, site_raw = _split_site(raw.get("context", {}))
    kept = check_kept(raw.get("kept", {}), errors)
    answers = Answers(
        patient=read_person(raw.get("patient", {}), on, errors),
        limb=_choice("limb", raw.get("limb", "unknown"), LIMBS, errors, Limb.UNKNOWN),
        onset_days=_onset(raw.get("onset_days"), errors),
        worsening=_choice("worsening", raw.get("worsening", "unknown"), TRI, errors, Tri.UNKNOWN),
        emergency=_group(Emergency, "emergency", raw.get("emergency", {}), errors),
        limb_threat=_group(LimbThreat, "limb_threat", raw.get("limb_threat", {}), errors),
        symptoms=_group(Symptoms, "symptoms", raw.get("symptoms", {}), errors),
        wells=_group(Wells, "wells", raw.get("wells", {}), errors),
        constans=_group(Constans, "constans", raw.get("constans", {}), errors),
        context=_group(Context, "context", context_raw, errors),
        history=_group(History, "history", raw.get("history", {}), errors),
        site=read_site(raw.get("site", {}), site_raw, errors),
        stat_order=_stat_order(raw.get("stat_order", False), errors),
        kept=kept,
    )
    answers = _with_measures(_with_dates(answers, on, errors), errors)
    if errors:
        raise AnswersInvalid(errors)
    return answers


def _split_site(context: Any) -> tuple[Any, Any]:
    """``site`` may stand at the top or inside ``context``."""
    if not isinstance(context, Mapping) or "site" not in context:
        return context, {}
    return {key: value for key, value in context.items() if key != "site"}, context["site"]


def _choice(
    field: str, value: object, allowed: Mapping[str, Group], errors: list[AnswerError], default: Group
) -> Group:
    chosen = allowed.get(value) if isinstance(value, str) else None
    if chosen is None:
        errors.append(AnswerError(field, "choice", f"Answer one of: {', '.join(allowed)}."))
        return default
    return chosen


def _group(group: type[Group], name: str, raw: object, errors: list[AnswerError]) -> Group:
    if not isinstance(raw, Mapping):
        errors.append(AnswerError(name, "object", "Send an object of answers."))
        return group()
    known = ALLOWED[group]
    try:
        return group(**{key: known[key][value] for key, value in raw.items()})
    except (KeyError, TypeError):
        return _group_with_faults(group, name, raw, errors)


def _group_with_faults(group: type[Group], name: str, raw: Mapping[Any, Any], errors: list[AnswerError]) -> Group:
    """The group of those answers that can be read; most intakes are without fault and never come here."""
    known = ALLOWED[group]
    values: dict[str, Any] = {}
    for key, value in raw.items():
        allowed = known.get(key)
        if allowed is None:
            errors.append(AnswerError(f"{name}.{key}", "unknown_key", "This key is not known."))
            continue
        chosen = allowed.get(value) if isinstance(value, str) else None
        if chosen is None:
            rule = "tri_state" if allowed is TRI else "choice"
            errors.append(AnswerError(f"{name}.{key}", rule, f"Answer one of: {', '.join(allowed)}."))
        else:
            values[key] = chosen
    return group(**values)


def _stat_order(value: object, errors: list[AnswerError]) -> bool:
    if not isinstance(value, bool):
        errors.append(AnswerError("stat_order", "boolean", "Answer true or false."))
    return value is True


def _onset(value: object, errors: list[AnswerError]) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        errors.append(AnswerError("onset_days", "whole_days", "Give whole days, or null where not known."))
        return None
    if not 0 <= value <= MAX_ONSET_DAYS:
        errors.append(AnswerError("onset_days", "range", f"Give days from 0 to {MAX_ONSET_DAYS}."))
        return None
    return value


def _with_dates(answers: Answers, on: date | None, errors: list[AnswerError]) -> Answers:
    age, onset, kept = answers.patient.age, answers.onset_days, answers.kept
    if age is not None and onset is not None and onset > (age + 1) * 366:
        errors.append(AnswerError("onset_days", "before_birth", "It cannot have begun before birth."))
    given = [key for key in DATE_KEYS if key in kept]
    if not given and "days_in_bed" not in kept:
        return answers
    if on is None:
        errors.append(AnswerError("kept", "date_needs_today", "Dates need the day of the answers."))
        return answers
    for key in given:
        when = kept[key]
        if isinstance(when, date) and when > on:
            errors.append(AnswerError(f"kept.{key}", "future", "This date has not come yet."))
        elif age is not None and isinstance(when, date) and dates.age_on(when, on) > age:
            errors.append(AnswerError(f"kept.{key}", "before_birth", "This date is before birth."))
    surgery = dates.settle(
        dates.SURGERY_ITEM,
        answers.wells.bedridden_3d_or_surgery_12w,
        dates.surgery_or_bed_rest(kept, on),
        errors,
    )
    postpartum = dates.settle(dates.POSTPARTUM_ITEM, answers.context.postpartum_6wk, dates.postpartum(kept, on), errors)
    return replace(
        answers,
        wells=replace(answers.wells, bedridden_3d_or_surgery_12w=surgery),
        context=replace(answers.context, postpartum_6wk=postpartum),
    )


def _with_measures(answers: Answers, errors: list[AnswerError]) -> Answers:
    derived = measures.calf_swelling(answers.kept, answers.limb)
    calf = dates.settle(measures.CALF_ITEM, answers.wells.calf_3cm, derived, errors)
    return (
        replace(answers, wells=replace(answers.wells, calf_3cm=calf)) if calf is not answers.wells.calf_3cm else answers
    )
