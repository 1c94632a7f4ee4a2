"""Where each role can go: rooms register their items here, the layout draws what is registered and knows no page by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

from flask import current_app, g, request, url_for
from flask_babel import LazyString

Word: TypeAlias = LazyString | str


@dataclass(frozen=True)
class Count:
    """A counter beside an item: how many, and whether something among them is due."""

    number: int
    due: bool = False


@dataclass(frozen=True)
class Item:
    """One way to go. ``covers`` names further endpoints (or "blueprint.prefix_*") at which the item is the current one.

    ``count`` is asked at each page and may return None; ``main`` marks the filled middle tab of a phone.
    """

    label: Word
    icon: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    count: Callable[[], Count | None] | None = None
    main: bool = False


@dataclass(frozen=True)
class Section:
    """A group of items under a heading; the first group of a role has none. ``last``: what everybody may do, below the work."""

    items: tuple[Item, ...]
    label: Word | None = None
    last: bool = False


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the layout shows it. ``roles`` choose the items, ``frame`` the layout ("desk" or "tablet")."""

    name: str
    role_label: Word
    place: str
    roles: tuple[str, ...]
    frame: str = "desk"


@dataclass(frozen=True)
class Link:
    """An item as drawn on this page."""

    label: Word
    icon: str
    url: str
    count: Count | None
    current: bool
    main: bool


@dataclass(frozen=True)
class Group:
    """A section as drawn on this page."""

    label: Word | None
    items: tuple[Link, ...]


class Navigation:
    """The registry. Rooms fill it when they are imported; the same role may be filled by several rooms, in that order."""

    def __init__(self) -> None:
        self._sections: dict[str, list[Section]] = {}
        self._tabs: dict[str, tuple[Item, ...]] = {}
        self._who: Callable[[], Person | None] = lambda: None
        self._unread: Callable[[], int] = lambda: 0

    def add(self, role: str, *sections: Section) -> None:
        """Show ``sections`` to people with ``role`` in the side bar (desktop) and the top tabs (tablet)."""
        self._sections.setdefault(role, []).extend(sections)

    def set_tabs(self, role: str, *items: Item) -> None:
        """The phone's tab bar for ``role``: at most five. Raises ValueError for more."""
        if len(items) > 5:
            raise ValueError(f"a tab bar has five places, {role} has {len(items)}")
        self._tabs[role] = items

    def identify(self, who: Callable[[], Person | None]) -> Callable[[], Person | None]:
        """Decorator: the function that says who is signed in, None for nobody."""
        self._who = who
        return who

    def count_unread(self, unread: Callable[[], int]) -> Callable[[], int]:
        """Decorator: the function that counts the unread notices of the person signed in."""
        self._unread = unread
        return unread

    def person(self) -> Person | None:
        """Who is signed in."""
        return self._who()

    def unread(self) -> int:
        """Unread notices of the person signed in, 0 for nobody."""
        return self._unread() if self._who() else 0

    def groups(self, roles: tuple[str, ...]) -> tuple[Group, ...]:
        """The side bar for somebody with all of ``roles``; an item of two roles stands where it comes first.

        Sections of one heading, from several rooms, are one group.
        """
        seen: set[str] = set()
        found: dict[str, Group] = {}
        sections = [section for role in roles for section in self._sections.get(role, ())]
        for number, section in enumerate(sorted(sections, key=attrgetter("last"))):
            links = tuple(_link(item) for item in section.items if _is_new(item, seen))
            if links:
                heading = str(section.label) if section.label else f"#{number}"
                before = found[heading].items if heading in found else ()
                found[heading] = Group(section.label, before + links)
        return tuple(found.values())

    def tabs(self, roles: tuple[str, ...]) -> tuple[Link, ...]:
        """The phone's tab bar: the one of the first of ``roles`` that has one."""
        items = next((self._tabs[role] for role in roles if role in self._tabs), ())
        return tuple(_link(item) for item in items if _is_known(item))

    def endpoints(self) -> set[str]:
        """Every endpoint that an item names, for the test that proves they exist."""
        sections = [item for found in self._sections.values() for section in found for item in section.items]
        return {item.endpoint for item in sections + [item for items in self._tabs.values() for item in items]}

    def icons(self) -> set[str]:
        """Every icon that an item names, for the test that proves they are in the sprite."""
        sections = [item for found in self._sections.values() for section in found for item in section.items]
        return {item.icon for item in sections + [item for items in self._tabs.values() for item in items]}


def _is_known(item: Item) -> bool:
    return item.endpoint in current_app.view_functions


def _is_new(item: Item, seen: set[str]) -> bool:
    fresh = item.endpoint not in seen and _is_known(item)
    seen.add(item.endpoint)
    return fresh


def _link(item: Item) -> Link:
    count = _counted(item.count) if item.count else None
    address = url_for(item.endpoint, **item.values)
    return Link(item.label, item.icon, address, count, _is_current(item), item.main)


def _counted(count: Callable[[], Count | None]) -> Count | None:
    """Side bar, tabs and the items of several roles show the same counter: it is asked once per request."""
    asked: dict[Callable[[], Count | None], Count | None] = g.setdefault("navigation_counts", {})
    if count not in asked:
        asked[count] = count()
    return asked[count]


def _is_current(item: Item) -> bool:
    here = request.endpoint or ""
    return any(
        here == covered or (covered.endswith("*") and here.startswith(covered[:-1]))
        for covered in (item.endpoint, *item.covers)
    )


navigation = Navigation()
