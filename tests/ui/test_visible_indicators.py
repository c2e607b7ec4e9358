"""What another plan's import brought is not named to whoever imports for a plan of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.plan_import.review.visible_indicators import hide_indicators
from kpis.register.load import load_register
from kpis.ui.plan_import.importing import UploadedDocument, import_document
from kpis.ui.plan_import.workbook_section import _build_book
from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AmendedInstallation
from tests.plan_import.review.small_draft import TEXT

OPENPYXL: Any = import_module("openpyxl")  # it has no types
OTHER = "hue"
LIKE_TEXT = (
    TEXT.replace("Cần Thơ", "Huế").replace("CẦN THƠ", "HUẾ").replace("vệ sinh chợ", "vệ sinh các chợ")
    .replace("số chợ được lát nền", "số chợ lớn được lát nền").replace("Bảng giá được treo", "Các bảng giá được treo")
)  # fmt: skip


def build_focal(*plans: str) -> Viewer:
    return Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "focal", frozenset(plans))})))


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AmendedInstallation:
    """An installation whose only accepted plan brought indicators of its own."""
    installation = AmendedInstallation(tmp_path)
    installation.accept_plan()
    monkeypatch.setenv("KPIS_SOURCES", str(installation.sources))
    monkeypatch.setenv("KPIS_DATABASE", str(tmp_path / "var" / "kpis.json"))
    return installation


def list_brought(installation: AmendedInstallation) -> set[str]:
    """Return the names that the accepted plan alone has."""
    everything = load_register(overlay=installation.register).indicators.values()
    common = {each.id for each in load_register().indicators.values()}
    names = {each.name_vi for each in everything if each.id not in common}
    assert names
    return names


def read_texts(book: bytes) -> Iterator[str]:
    for sheet in OPENPYXL.load_workbook(BytesIO(book)).worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield from (value for value in row if isinstance(value, str))


def import_for(viewer: Viewer, installation: AmendedInstallation) -> tuple[str, set[str]]:
    """Import a like document as a viewer; return what its rows propose, and the texts of its workbook."""
    upload = UploadedDocument("ke-hoach.txt", LIKE_TEXT.encode(), OTHER, "thành phố Huế")
    environ = {"KPIS_SOURCES": str(installation.sources)}
    may_see = partial(viewer.may, "import_plan")
    draft = import_document(upload, installation.register, environ, may_see=may_see).draft
    return str(draft.rows), set(read_texts(_build_book(draft, viewer)))


@pytest.mark.parametrize(("viewer", "is_named"), [(build_focal(OTHER), False), (OPEN_VIEWER, True)])
def test_a_focal_department_is_offered_no_indicator_of_another_plan(
    installation: AmendedInstallation, viewer: Viewer, is_named: bool
) -> None:
    brought = list_brought(installation)
    assert not [name for name in brought if name in LIKE_TEXT]
    proposed, offered = import_for(viewer, installation)
    assert bool(brought & offered) == is_named
    assert any(name in proposed for name in brought) == is_named


def test_who_imports_for_both_plans_is_offered_them(installation: AmendedInstallation) -> None:
    brought = list_brought(installation)
    for viewer in (OPEN_VIEWER, build_focal(OTHER, PLAN)):
        may_see = partial(viewer.may, "import_plan")
        visible = hide_indicators(load_register(overlay=installation.register), installation.register, may_see)
        assert brought <= {each.name_vi for each in visible.indicators.values()}


def test_only_what_plans_out_of_sight_brought_is_hidden(installation: AmendedInstallation) -> None:
    register = load_register(overlay=installation.register)
    visible = hide_indicators(register, installation.register, lambda plan: plan == OTHER)
    names = {each.name_vi for each in visible.indicators.values()}
    assert {each.name_vi for each in load_register().indicators.values()} <= names
    assert not names & list_brought(installation)
    assert hide_indicators(register, None, lambda _plan: False).indicators == register.indicators
