"""An amendment of the small plan on its way into a register."""

from __future__ import annotations

from pathlib import Path

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from tests.cli.command_runner import CliRun
from tests.plan_import.review.accepted_plan import PLAN, Installation
from tests.plan_import.review.small_draft import open_book

AMENDMENT = """ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ

Số: 120/QĐ-UBND

Cần Thơ, ngày 15 tháng 6 năm 2027

QUYẾT ĐỊNH

Sửa đổi, bổ sung một số nội dung của Kế hoạch số 77/KH-UBND về vệ sinh chợ

Theo đề nghị của Giám đốc Sở Công Thương.

QUYẾT ĐỊNH:

Điều 1. Sửa đổi, bổ sung một số nội dung của Kế hoạch số 77/KH-UBND ngày 12 tháng 01 năm 2026 như sau:

1. Sửa đổi gạch đầu dòng thứ nhất khoản 1 mục I như sau:

“- Hằng năm tổ chức ít nhất 06 đợt kiểm tra vệ sinh chợ.”

2. Bổ sung gạch đầu dòng thứ tư vào sau gạch đầu dòng thứ ba khoản 1 mục I như sau:

“- Đến năm 2028, ít nhất 30 chợ có nhà vệ sinh đạt chuẩn.”

3. Thay thế cụm từ “90%” bằng cụm từ “95%” tại khoản 1 mục I.

4. Bãi bỏ nhiệm vụ số 1 Phụ lục.

5. Sửa đổi nhiệm vụ số 2 Phụ lục như sau:

STT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\tSản phẩm\tThời gian
2\tTập huấn người bán hàng tại chợ\tSở Công Thương\tSở Y tế\tLớp học\tHằng năm

Điều 2. Các nội dung khác của Kế hoạch số 77/KH-UBND giữ nguyên.

Điều 3. Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2027.

Nơi nhận:
- Như Điều 4;
- Lưu: VT.
"""

HEAD, _, TAIL = AMENDMENT.partition("1. Sửa đổi gạch đầu dòng")
TAIL = "\nĐiều 2." + AMENDMENT.partition("\nĐiều 2.")[2]


def write_amendment(*clauses: str) -> str:
    """Return the text of a decision with some clauses."""
    numbered = (f"{number}. {clause}\n" for number, clause in enumerate(clauses, start=1))
    return HEAD + "\n".join(numbered) + TAIL


class AmendedInstallation(Installation):
    """An installation whose plan is accepted, and the workbook of an amendment."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.plan = PLAN
        self.amending_book = folder / "sua-doi.xlsx"
        self.amended_version = self.register / "plans" / PLAN / "2"

    def accept_plan(self) -> None:
        """Import and accept the small plan."""
        self.import_text()
        self.decide()
        run = self.accept()
        assert run.code == 0, run.err

    def import_amendment(self, text: str = AMENDMENT, *options: str, name: str = "sua-doi.txt") -> CliRun:
        """Import a document that amends the plan."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        arguments = options or ("--amends",)
        return self.run("plan", "import", str(path), "--plan", self.plan, *arguments, "--out", str(self.amending_book))

    def read_draft(self) -> Draft:
        """Return the draft of the plan."""
        return DraftFolder(self.register, self.plan).read()

    def decide_amendment(self) -> None:
        """Take every clause as it is proposed, drop what is left over, keep what a new text lacks."""
        with open_book(self.amending_book) as decide:
            for row in self.read_draft().rows:
                if not row.needs_decision or row.is_added:
                    continue
                if row.kind == "number" or (row.kind == "header" and not row.proposed):
                    decide(row.kind, row.id, "drop")
                elif row.proposed.get("effect") == "add" and row.kind == "target":
                    counting = "cộng dồn các lần nhập"
                    decide(row.kind, row.id, "accept", lead="Sở Công Thương", accumulation=counting)
                else:
                    decide(row.kind, row.id, "accept")

    def accept_amendment(self, *arguments: str) -> CliRun:
        """Accept the workbook of the amendment."""
        return self.run("plan", "accept", str(self.amending_book), *arguments)

    def list_targets(self) -> dict[str, dict[str, object]]:
        """Return the targets of the plan by id."""
        return {row["target"]: row for row in self.run("targets", "--plan", self.plan, "--json").json}
