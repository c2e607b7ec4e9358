"""The agencies of a decided draft as tables of agencies.toml: standing ones by rule, those that the document names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kpis.language.normalization import clean, fold
from kpis.plan_import.agencies import COLLECTIVE, list_standing_agencies, recognise_agency, remove_brackets
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.draft.values import split_agencies
from kpis.plan_import.review.versions.toml_output import TomlTable
from kpis.plan_import.standing_agencies import DEPARTMENTS, OF_COMMUNE, OF_PROVINCE
from kpis.register.communes import list_communes
from kpis.register.model import MEMBER_KINDS
from kpis.register.names import to_agency_key

_KINDS_OF_PLACE = ("tỉnh", "thành phố", "phường", "xã", "đặc khu")


@dataclass
class _Body:
    """An agency or a group of agencies, as it will stand in the register."""

    name: str
    kind: str
    is_named: bool
    line: int | None = None
    aliases: list[str] = field(default_factory=list)
    members: tuple[str, ...] = ()
    table: TomlTable | None = None
    """The table of a body that the version in force has."""


class DecidedAgencies:
    """The agencies of one draft: what a name in a decided row means, and the tables of agencies.toml.

    Of an amendment the agencies in force come first, as `agencies` and `collectives`; a standing one is added only
    where the document names it: one more would be one more member of a group that must report.
    """

    def __init__(
        self, draft: Draft, agencies: Sequence[TomlTable] = (), collectives: Sequence[TomlTable] = ()
    ) -> None:  # fmt: skip
        self._plan = draft.plan
        self._place = clean(draft.get_header("place"))
        self._is_province = draft.get_header("kind") == "province"
        self._province = clean(draft.get_header("province"))
        self._bodies: dict[str, _Body] = {}
        self._owners: dict[str, str] = {}
        self._bare_places = frozenset(_list_bare_places(self._place, self._province))
        for table, kind in [*((each, None) for each in agencies), *((each, COLLECTIVE) for each in collectives)]:
            self._add_table(table, kind)
        rows = [row for row in draft.list_rows("agency") if row.is_used]
        for row in sorted(rows, key=lambda row: bool(row.get_value("same_as"))):
            self._add_row(row)
        for name in list_standing_agencies(self._place) if draft.mode == "new" else ():
            self._add_standing(name)
        for body in [body for body in self._bodies.values() if body.table is None]:
            body.members = tuple(member if member in MEMBER_KINDS else self.resolve(member) for member in body.members)

    def resolve(self, name: str) -> str:
        """Return the name in the register of an agency that a row names. KeyError if it is neither known nor new."""
        name = clean(name)
        owner = self._owners.get(to_agency_key(name)) or self._owners.get(to_agency_key(remove_brackets(name)))
        if owner is not None:
            self._bodies[owner].is_named = True
            return owner
        recognised = recognise_agency(name, self._place)
        if recognised is None:
            raise KeyError(name)
        body = self._add(recognised.name, recognised.kind, is_named=True)
        self._claim(name, body)
        return body.name

    def resolve_all(self, text: str) -> list[str]:
        """Return the names in the register of a list of agencies, each once."""
        return list(dict.fromkeys(self.resolve(name) for name in split_agencies(text)))

    def build_tables(self) -> dict[str, list[TomlTable]]:
        """Return the tables of agencies.toml. Committees of communes come with the product's list of communes."""
        agencies: list[TomlTable] = []
        collectives: list[TomlTable] = []
        for body in self._bodies.values():
            if body.table is not None:
                table = {**body.table, "aliases": body.aliases}
                (collectives if body.kind == COLLECTIVE else agencies).append(table)
            elif body.kind == COLLECTIVE:
                collectives.append(
                    {
                        "plan": self._plan,
                        "name": body.name,
                        "aliases": body.aliases,
                        "members": list(body.members) or [_propose_members(body.name)],
                    }
                )
            elif not (body.kind == "commune" and self._is_province):
                agencies.append(
                    {
                        "plan": self._plan,
                        "name": body.name,
                        "kind": body.kind,
                        "aliases": body.aliases,
                        "basis": "named" if body.is_named else "inferred",
                        "line": body.line,
                    }
                )
        return {"agency": agencies, "collective": collectives}

    def _add_table(self, table: TomlTable, kind: str | None) -> None:
        name, listed = str(table["name"]), table.get("aliases")
        aliases = [str(alias) for alias in listed] if isinstance(listed, list) else []
        self._bodies[name] = _Body(name, kind or str(table.get("kind", "other")), True, aliases=aliases, table=table)
        for text in (name, *aliases):
            self._owners.setdefault(to_agency_key(text), name)

    def _add_row(self, row: DraftRow) -> None:
        name, same_as = clean(row.get_value("name")), clean(row.get_value("same_as"))
        body = self._bodies[self.resolve(same_as)] if same_as else self._add(name, row.get_value("kind"), is_named=True)
        body.line = body.line or (row.place.line if row.place else None)
        if body.kind == COLLECTIVE and not body.members:
            body.members = split_agencies(row.get_value("members"))
        for alias in (name, clean(row.quote)):
            self._claim(alias, body)

    def _add_standing(self, name: str) -> None:
        recognised = recognise_agency(name, self._place)
        if recognised is None or recognised.kind == COLLECTIVE:
            return
        body = self._add(recognised.name, recognised.kind, is_named=False)
        for alias in self._list_rule_aliases(name):
            self._claim(alias, body)

    def _add(self, name: str, kind: str, *, is_named: bool) -> _Body:
        owner = self._owners.get(to_agency_key(name))
        if owner is None:
            self._bodies[name] = _Body(name, kind, is_named)
            self._owners[to_agency_key(name)] = owner = name
        body = self._bodies[owner]
        body.is_named = body.is_named or is_named
        return body

    def _claim(self, alias: str, body: _Body) -> None:
        """Add an alias unless it already means an agency, or is the bare name of a place."""
        key = to_agency_key(alias)
        if alias and key not in self._owners and fold(alias) not in self._bare_places:
            self._owners[key] = body.name
            body.aliases.append(alias)

    def _list_rule_aliases(self, name: str) -> Iterator[str]:
        of, short = _split_place(self._place)
        for standing, merged in DEPARTMENTS:
            if name == standing:
                yield from (*merged, f"{name} {of} {short}", f"{name} {short}", f"{name} {of}")
                yield from _list_initials(name)
        for title, _, aliases in (*OF_PROVINCE, *OF_COMMUNE):
            if name == clean(title.format(of=of, name=short)):
                for alias in (title, *aliases):
                    yield from (clean(alias.format(of=text, name=short)) for text in (of, f"{of} {short}", ""))


def _propose_members(name: str) -> str:
    """Return which kind of members a group has by its name: nobody whom the register lists, if it does not say."""
    text = fold(name)
    if recognised := recognise_agency(name, None):
        text = fold(recognised.name)
    if text.startswith("ubnd"):
        return "communes"
    is_departments = text.startswith(("các sở", "sở, ban", "sở, ngành", "sở ban ngành"))
    return "departments" if is_departments and "liên quan" not in text else "other"


def _list_initials(name: str) -> Iterator[str]:
    """Yield "Sở KH&CN", "Sở KHCN" and "SKHCN" for "Sở Khoa học và Công nghệ"."""
    head, _, subject = name.partition(" ")
    parts = ["".join(word[0] for word in re.findall(r"\w+", part)).upper() for part in subject.split(" và ")]
    yield from (f"{head} {'&'.join(parts)}", f"{head} {''.join(parts)}", f"{head[0]}{''.join(parts)}")


def _split_place(place: str) -> tuple[str, str]:
    for kind in _KINDS_OF_PLACE:
        if fold(place).startswith(f"{kind} "):
            return kind, place[len(kind) + 1 :]
    return "tỉnh", place


def _list_bare_places(place: str, province: str) -> Iterator[str]:
    yield from (fold(place), fold(province))
    for commune in list_communes(province) or ():
        yield from (fold(commune.official_name), fold(commune.short_name))
