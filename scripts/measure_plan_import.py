"""Compares what `kpis plan import` proposes with a truth read by people, plan by plan and over all.

    python scripts/measure_plan_import.py FOLDER             FOLDER/texts and FOLDER/truth
    python scripts/measure_plan_import.py --register FOLDER  FOLDER's texts of the shipped plans, and their register

Strict recall: value, comparator and measure of a promise, in its paragraph. Precision: promises that are neither in
the truth nor optional there count as false. Values are compared as decimals. Columns: promises of the truth, strict
recall, false ones; yearly values of tables; rows of tasks, with their leads and coordinators; header: a point for each
right value, "o" for an empty one, "X" for a wrong one (number, day, first year, last year, day of reporting).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from plan_import_figures import Figures
from plan_import_register import measure_register
from plan_import_truth import measure_truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--register", action="store_true", help="compare with the shipped register")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what was missed and what is false")
    arguments = parser.parse_args()
    measure = measure_register if arguments.register else measure_truth
    total = Figures()
    print(
        f"{'plan':36} {'promises':>14} {'false':>5} {'yearly':>9} {'tasks':>12} {'leads':>9} {'coord.':>9} "
        f"{'miles':>10}  header"
    )
    for name, figures, header in measure(arguments.folder):
        print_figures(name, figures, header)
        if arguments.verbose:
            print(*(f"    {detail}" for detail in figures.details), sep="\n")
        total.add(figures)
    print_figures("all", total, f"{total.header_wrong} wrong")


def print_figures(name: str, figures: Figures, header: str) -> None:
    """Print one line of the table."""
    right = figures.proposed - figures.false
    recall = f"{figures.strict / figures.promises:.3f}" if figures.promises else "-"
    precision = f"{right / figures.proposed:.3f}" if figures.proposed else "-"
    print(
        f"{name[:36]:36} {figures.strict:4}/{figures.promises:<4} {recall:>5} {figures.false:3} {precision:>5}"
        f" {figures.yearly_right:4}/{figures.yearly:<4} "
        f"{figures.tasks_right:4}/{figures.tasks:<4}+{figures.tasks_false:<2}"
        f" {figures.leads_right:4}/{figures.leads:<4} {figures.coordinators_right:4}/{figures.leads:<4}"
        f" {figures.milestones_right:3}/{figures.milestones:<3}+{figures.milestones_false:<2}  {header}"
    )


if __name__ == "__main__":
    main()
