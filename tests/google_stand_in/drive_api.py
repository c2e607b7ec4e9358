"""The methods of the Drive interface that the product calls."""

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
    """files.list: what is shared with the account by name; a file open to whoever has the link is not."""
    del path, body
    size = int((params.get("pageSize") or ["100"])[0])
    try:
        wanted = (
            drive_query.parse_query((params.get("q") or [""])[0], cloud.account.email)
            if params.get("q")
            else None
        )
        start = _parse_page_token((params.get("pageToken") or [""])[0])
    except (drive_query.QueryError, ValueError) as error:
        raise errors.make_drive_error(
            400, "invalid", "Invalid Value", location="q", locationType="parameter"
        ) from error
    found = [
        file
        for file in cloud.files.values()
        if cloud.account.email in file.share and (wanted is None or wanted(file))
    ]
    page = found[start : start + size]
    files = [_render_file(cloud, file) for file in page]
    answer: Json = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": files if mask else [{name: one[name] for name in _DEFAULT_FIELDS} for one in files],
    }
    if start + size < len(found):
        answer["nextPageToken"] = f"~!!~{start + size}"
    return answer


def get_file(cloud: Cloud, path: Mapping[str, str], params: Query, mask: Mask, body: Json) -> Json:
    """files.get: also a file that is open to people with the link."""
    del params, body
    file = cloud.files.get(path["fileId"])
    if file is None or file.get_role(cloud.account.email) is None:
        raise errors.make_not_found("drive", path["fileId"])
    answer = _render_file(cloud, file)
    return answer if mask else {name: answer[name] for name in _DEFAULT_FIELDS}


METHODS: Mapping[str, Handler] = {"drive.files.list": list_files, "drive.files.get": get_file}


def _render_file(cloud: Cloud, file: Spreadsheet) -> Json:
    edit = file.get_role(cloud.account.email) in {"writer", "owner"}
    return {
        "kind": "drive#file",
        "id": file.id,
        "name": file.title,
        "mimeType": file.mime_type,
        "trashed": file.is_trashed,
        "modifiedTime": file.modified_time.isoformat(timespec="milliseconds") + "Z",
        "version": str(file.version),
        "capabilities": {"canEdit": edit},
    }


def _parse_page_token(token: str) -> int:
    if not token:
        return 0
    if not token.startswith("~!!~"):
        raise ValueError(token)
    return int(token[4:])
