"""What still stands in the way of accepting a draft, row by row; the same for the workbook and the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.plan_import.agencies import recognise_agency, remove_brackets
from kpis.plan_import.review.draft.amendment_checks import find_amendment_faults, stands_in
from kpis.plan_import.review.draft.fields import DraftField, list_fields
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewFault
from kpis.plan_import.review.draft.places import find_other_place
from kpis.plan_import.review.draft.values import split_agencies
from kpis.register.names import to_agency_key

_FRACTION_MEASURES = frozenset(("ratio", "coverage", "change"))


def find_faults(draft: Draft) -> list[ReviewFault]:
    """Return every fault, in the order of the rows; the plan may be accepted if there is none."""
    listed = {**dict.fromkeys(map(to_agency_key, draft.known_agencies)), **list_agency_rows(draft)}
    place = draft.get_header("place")
    faults: list[ReviewFault] = []
    for row in draft.rows:
        of_row = list(_check_decision(row))
        if not of_row and _has_values(row):
            of_row = [*_check_values(row, draft), *_check_names(row, place, listed)]
        faults += of_row
    return faults + find_amendment_faults(draft)


def find_own_faults(row: DraftRow, draft: Draft) -> list[ReviewFault]:
    """Return what is wrong with one row by itself; whether its agencies are known may depend on later decisions."""
    faults = list(_check_decision(row)) if row.decision is not None else []
    return faults or (list(_check_values(row, draft)) if _has_values(row) else [])


def _has_values(row: DraftRow) -> bool:
    """True if the row's values go into the plan: not of what ends, nor of what stays as it is."""
    is_unchanged = row.role == "in_force" and row.decision != "change"
    return row.is_used and not is_unchanged and not row.ends_entry


def list_agency_rows(draft: Draft) -> dict[str, DraftRow]:
    """Return the used rows of agencies by the key of their names, the printed one and the decided one."""
    return {
        to_agency_key(name): row
        for row in draft.list_rows("agency")
        if row.is_used
        for name in (row.quote, row.get_value("name"))
        if name
    }


def has_edit(row: DraftRow, item: DraftField) -> bool:
    """True if the reviewer entered another value than the proposed one in a field of the proposal.

    Of an amendment what holds already, like the lead, is proposed too.
    """
    if item.name == "clause" and not row.is_added:
        return False
    is_edit = bool(row.entered.get(item.name)) and row.get_value(item.name) != row.proposed.get(item.name, "")
    is_proposed = item.role != "reviewer" or (row.role != "proposal" and bool(row.proposed.get(item.name)))
    return is_edit and is_proposed


def is_needed(row: DraftRow, item: DraftField) -> bool:
    """True if the reviewer has to fill in a field, unless the row is dropped; of targets by the proposed measure."""
    if row.role == "in_force" or row.proposed.get("effect") == "repeal":
        return False
    is_counted = row.proposed.get("measure") in {"count", "amount"} and item.name in {"accumulation", "unit"}
    return (item.is_required or is_counted) and not row.proposed.get(item.name) and not row.is_added


def _check_decision(row: DraftRow) -> Iterator[ReviewFault]:
    """Compare the decision with what was entered beside the proposal."""
    edits = [item for item in list_fields(row) if has_edit(row, item)]
    entered = [item for item in list_fields(row) if row.entered.get(item.name)]
    match row.decision:
        case None if row.needs_decision:
            yield ReviewFault(row, None, "no decision yet; choose Accept, Change or Drop")
        case None if entered:
            yield ReviewFault(row, None, "values are entered, but there is no decision; choose Change")
        case "accept" if row.kind == "number":
            yield ReviewFault(
                row, None, "a number left over has no proposal; choose Drop, or Change and name the row that has it"
            )
        case "accept" if row.is_added:
            yield ReviewFault(row, None, "an added row has no proposal; choose Change")
        case "accept":
            for item in edits:
                if item.role == "proposal" or row.proposed.get(item.name):
                    yield ReviewFault(row, item.name, "a value is entered, but the decision is Accept; choose Change")
        case "change" if not edits:
            yield ReviewFault(
                row, None, "the decision is Change, but no other value is entered; enter it, or choose Accept"
            )
        case "drop" if row.kind == "header" and any(item.is_required for item in list_fields(row)):
            yield ReviewFault(row, None, "a plan needs this; choose Accept, or Change and fill it in")
        case "drop":
            for item in edits:
                yield ReviewFault(row, item.name, "a value is entered, but the decision is Drop; choose Change")
        case _:
            pass


def _check_values(row: DraftRow, draft: Draft) -> Iterator[ReviewFault]:
    for item in list_fields(row):
        if item.is_required and not row.get_value(item.name):
            yield ReviewFault(row, item.name, "is empty; fill it in")
    if row.kind == "header" and row.id == "header.plan" and row.get_value("value") != draft.plan:
        yield ReviewFault(row, "value", "the draft is of the plan “{plan}”; import the document again for another id",
                          {"plan": draft.plan})  # fmt: skip
    if row.id in {"header.issuer", "header.document_issuer"}:
        yield from _check_issuer(row, draft)
    if row.kind in {"target", "milestone"}:
        yield from _check_promise(row)
    if row.kind == "number":
        yield from _check_number_row(row, draft)
    if row.is_added and not stands_in(draft, row.get_value("clause")):
        yield ReviewFault(row, "clause", "copy the clause here word for word as the document has it")


def _check_issuer(row: DraftRow, draft: Draft) -> Iterator[ReviewFault]:
    """Agencies are read by the place: a document of another place would give its tasks to the wrong ones."""
    place = draft.get_row("header.place").get_value("value")
    if other := find_other_place(row.get_value("value"), place):
        text = (
            "the document is of “{other}”, the plan of “{place}”; import it again with its own place, or correct this"
        )
        yield ReviewFault(row, "value", text, {"other": other, "place": place})


def _check_promise(row: DraftRow) -> Iterator[ReviewFault]:
    """A recurrence that the text does not state needs a reason; a fraction is written with %."""
    if row.get_value("recurrence") != row.proposed.get("recurrence", "") and not row.get_value("reason"):
        yield ReviewFault(row, "reason", "the text states no such recurrence; write why it is read so")
    if row.kind != "target" or row.get_value("measure") == "carried":
        return
    is_fraction = row.get_value("measure") in _FRACTION_MEASURES
    for name in ("floor", "stretch"):
        value = row.get_value(name)
        if value and is_fraction != value.endswith("%"):
            text = (
                "this measure needs a per cent, like 90 %" if is_fraction else "this measure needs a number without %"
            )
            yield ReviewFault(row, name, text)


def _check_number_row(row: DraftRow, draft: Draft) -> Iterator[ReviewFault]:
    name = row.get_value("row")
    matches = [other for other in draft.rows if other.id == name and other.kind not in {"number", "header"}]
    if not (matches and matches[0].is_used):
        yield ReviewFault(row, "row", "there is no accepted or changed row “{name}”; write a code like CT012",
                          {"name": name})  # fmt: skip


def _check_names(row: DraftRow, place: str, listed: Mapping[str, DraftRow | None]) -> Iterator[ReviewFault]:
    """Every agency that a row names stands by rule at the place, or is an accepted row of agencies."""
    for item in list_fields(row):
        if item.type not in {"agency", "agencies"}:
            continue
        for name in split_agencies(row.get_value(item.name)):
            keys = {to_agency_key(name), to_agency_key(remove_brackets(name))}
            if keys.isdisjoint(listed) and recognise_agency(name, place or None) is None:
                text = "“{name}” is neither a known agency nor accepted as a new one in the part Agencies"
                yield ReviewFault(row, item.name, text, {"name": name})
