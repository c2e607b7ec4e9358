"""The methods of the Drive API that the product calls."""

from __future__ import annotations

from collections.abc import Mapping

from tests.google_stand_in import drive_query, errors
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.discovery import Json, Query
from tests.google_stand_in.field_mask import Mask
from tests.google_stand_in.sheets_api import Handler
from tests.google_stand_in.spreadsheet import Spreadsheet

_DEFAULT_FIELDS = ("kind", "id", "name", "mimeType")


def list_files(cloud: Cloud, path: Mapping[str, str], params: Query, mask: Mask, body: Json) -> Json:
    """files.list: files shared with the account by name, without those only open to people with the link."""
    del path, body
    size = int((params.get("pageSize") or ["100"])[0])
    try:
        query = (params.get("q") or [""])[0]
        matches = drive_query.parse_query(query, cloud.account.email) if query else None
        start = _parse_page_token((params.get("pageToken") or [""])[0])
    except (drive_query.QueryError, ValueError) as error:
        raise errors.make_drive_error(
            400, "invalid", "Invalid Value", location="q", locationType="parameter"
        ) from error
    matching_files = [
        file
        for file in cloud.files.values()
        if cloud.account.email in file.share and (matches is None or matches(file))
    ]
    files = [_render_file(cloud, file) for file in matching_files[start : start + size]]
    answer: Json = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": files if mask else [{name: file[name] for name in _DEFAULT_FIELDS} for file in files],
    }
    if start + size < len(matching_files):
        answer["nextPageToken"] = f"~!!~{start + size}"
    return answer


def get_file(cloud: Cloud, path: Mapping[str, str], params: Query, mask: Mask, body: Json) -> Json:
    """files.get, also for a file that is open to people with the link."""
    del params, body
    file = cloud.files.get(path["fileId"])
    if file is None or file.get_role(cloud.account.email) is None:
        raise errors.make_not_found("drive", path["fileId"])
    answer = _render_file(cloud, file)
    return answer if mask else {name: answer[name] for name in _DEFAULT_FIELDS}


METHODS: Mapping[str, Handler] = {"drive.files.list": list_files, "drive.files.get": get_file}


def _render_file(cloud: Cloud, file: Spreadsheet) -> Json:
    can_edit = file.get_role(cloud.account.email) in {"writer", "owner"}
    return {
        "kind": "drive#file",
        "id": file.id,
        "name": file.title,
        "mimeType": file.mime_type,
        "trashed": file.is_trashed,
        "modifiedTime": file.modified_time.isoformat(timespec="milliseconds") + "Z",
        "version": str(file.version),
        "capabilities": {"canEdit": can_edit},
    }


def _parse_page_token(token: str) -> int:
    if not token:
        return 0
    if not token.startswith("~!!~"):
        raise ValueError(token)
    return int(token[4:])
