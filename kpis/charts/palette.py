"""Colours, icons and labels of statuses and task states, the same on screen, in the pack and in Word.

A status is shown by colour, icon and label together (design.md §5). The colours differ in lightness as well
as hue, for red-green and blue-yellow colour blindness; the icons in outline, for black-and-white printers.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpis.language.messages import Language, translate


@dataclass(frozen=True)
class Colour:
    """One colour in the light and the dark theme, as #rrggbb."""

    light: str
    dark: str

    def resolve(self, theme: str) -> str:
        """Return the colour for a theme, "light" or "dark"."""
        return self.dark if theme == "dark" else self.light


@dataclass(frozen=True)
class StatusStyle:
    """How one state is shown: label (catalogue key), colour and icon (an SVG path in a 16 × 16 box)."""

    label_key: str
    colour: Colour
    icon_path: str


INK = Colour("#18222f", "#e8ecf1")
MUTED = Colour("#56606d", "#a7b0bc")
LINE = Colour("#d9dee5", "#333d49")
SURFACE = Colour("#ffffff", "#10151c")
RAISED_SURFACE = Colour("#f5f7f9", "#19202a")
ACCENT = Colour("#1f4e79", "#8ab8e0")
HIGHLIGHT = Colour("#ffe9a3", "#5a4913")
SAMPLE = Colour("#6b4e00", "#f0d48a")
SAMPLE_BACKGROUND = Colour("#fdf3d3", "#33290f")

_EXCLAMATION_PATH = "M7 4.2h2v5H7zM7 10.4h2v2H7z"
_CHECK_PATH = "M4.3 8.3l1.3-1.3 1.8 1.8 3.5-3.7 1.3 1.3-4.8 5z"

STATUS_STYLES: dict[str, StatusStyle] = {
    "overdue": StatusStyle(
        "Overdue",
        Colour("#9c1f2e", "#f28b93"),
        f"M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z{_EXCLAMATION_PATH}",
    ),
    "behind": StatusStyle("Behind", Colour("#b8500a", "#f2a25c"), "M.8 2.5h14.4L8 14.8z"),
    "no_data": StatusStyle(
        "No figures yet",
        Colour("#646c77", "#a9b2be"),
        "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z",
    ),
    "at_risk": StatusStyle(
        "At risk",
        Colour("#876500", "#e3c04f"),
        "M8 .8L15.6 14.6H.4zM7.1 5.6h1.8v4.6H7.1zM7.1 11.3h1.8v1.8H7.1z",
    ),
    "on_track": StatusStyle("On pace", Colour("#2c72ae", "#7db8ec"), "M3 1.2L14.4 8 3 14.8z"),
    "attained_late": StatusStyle(
        "Attained late",
        Colour("#33706b", "#8fd3c9"),
        f"M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6z{_CHECK_PATH}",
    ),
    "attained": StatusStyle(
        "Attained",
        Colour("#0a655f", "#5cc4b6"),
        f"M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8z{_CHECK_PATH}",
    ),
    "not_started": StatusStyle(
        "Not begun",
        Colour("#646c77", "#a9b2be"),
        "M2 6.5h3v3H2zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3z",
    ),
    "not_applicable": StatusStyle("Not applicable", Colour("#646c77", "#a9b2be"), "M2 7h12v2H2z"),
    "carried": StatusStyle("Kept in words", Colour("#646c77", "#a9b2be"), "M2 3h12v2H2zM2 7h12v2H2zM2 11h8v2H2z"),
}
"""Worst first, in the order of `kpis.measures.attainment_rows.STATUSES`."""

TASK_STATE_STYLES: dict[str, StatusStyle] = {
    "overdue": STATUS_STYLES["overdue"],
    "silent": StatusStyle("Silent", STATUS_STYLES["no_data"].colour, STATUS_STYLES["no_data"].icon_path),
    "paused": StatusStyle("Paused", STATUS_STYLES["at_risk"].colour, "M3.5 2h3.2v12H3.5zM9.3 2h3.2v12H9.3z"),
    "in_progress": StatusStyle("Under way", STATUS_STYLES["on_track"].colour, STATUS_STYLES["on_track"].icon_path),
    "ongoing": StatusStyle(
        "Ongoing",
        STATUS_STYLES["on_track"].colour,
        "M8 1a7 7 0 0 1 6.7 5h-2.1A5 5 0 1 0 13 8h2a7 7 0 1 1-7-7zM10.5 5.5h5V.8z",
    ),
    "not_started": StatusStyle(
        "Not started", STATUS_STYLES["not_started"].colour, STATUS_STYLES["not_started"].icon_path
    ),
    "done": StatusStyle("Done", STATUS_STYLES["attained"].colour, STATUS_STYLES["attained"].icon_path),
    "done_late": StatusStyle(
        "Done late", STATUS_STYLES["attained_late"].colour, STATUS_STYLES["attained_late"].icon_path
    ),
}
"""The states of a task (design.md §5), worst first."""


def get_style(state: str) -> StatusStyle:
    """Return how a target's status or a task's state is shown."""
    return STATUS_STYLES[state] if state in STATUS_STYLES else TASK_STATE_STYLES[state]


def get_status_label(status: str, lang: Language) -> str:
    """Return the label of a target's status."""
    return translate(lang, STATUS_STYLES[status].label_key)


def get_task_state_label(state: str, lang: Language) -> str:
    """Return the label of a task's state; "not_started" reads differently for a task than for a target."""
    return translate(lang, TASK_STATE_STYLES[state].label_key)


def get_severity_rank(status: str) -> int:
    """Return a status's position in the order worst first."""
    return list(STATUS_STYLES).index(status)
