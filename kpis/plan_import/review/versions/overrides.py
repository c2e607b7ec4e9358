"""Flat files that would undo an amendment: they go on changing a plan field by field, whatever its version says."""

from __future__ import annotations

from pathlib import Path

from kpis.plan_import.review.draft.model import ReviewError
from kpis.plan_import.review.versions.plan_tables import VersionTables
from kpis.register.accepted_plans import AcceptedVersion
from kpis.register.communes import get_list_identity
from kpis.register.faults import RegisterFaults
from kpis.register.files import read_files
from kpis.register.gather import gather_records
from kpis.register.load import get_default_root


def check_overrides(register: Path, candidate: AcceptedVersion, tables: VersionTables) -> None:
    """Raise ReviewError for a flat file that sets a field of a changed target or task, or has one that ended."""
    faults = RegisterFaults()
    files, _ = read_files(
        get_default_root(), register, faults, external_version=get_list_identity(), candidate=candidate
    )
    records = gather_records(files, faults)
    ended = {str(clause["id"]) for clause in tables.ended}
    for name, of_kind in (("target", records.target), ("task", records.task)):
        written = {str(table["id"]): table for table in tables.plan[name] if isinstance(table, dict)}
        for key, record in of_kind.items():
            entry = str(key)
            if entry in ended:
                raise _build_error(record.file, "id", entry)
            for field, origin in record.origins.items():
                if entry in tables.rows_by_id and record.values.get(field) != written[entry].get(field):
                    raise _build_error(origin, field, entry)


def _build_error(file: str, field: str, entry: str) -> ReviewError:
    return ReviewError(
        "{file} sets “{field}” of {id}, which the document changes: the amendment would have no effect. The plan in "
        "force is kept as a version; remove the table of {id} from this file, then accept the workbook again.",
        file=file, field=field, id=entry,
    )  # fmt: skip
