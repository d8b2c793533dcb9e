"""The operations documented after 2020: contacts, users and webhooks, and all of their names; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs

from ..data.conversations import KINDS, ORG_NAME, Row, crm_id
from ..data.people import mix
from ..data.store import Kept, Store
from ..settings import Settings
from .envelope import MISSING_FIELD, Result
from .listings import listed
from .paging import cut, index, metadata
from .reports import bots, messages, performance
from .request import Asked
from .wanted import Wanted, read_wanted

_ADDRESS: Final = ("address", "city", "state", "country")
_BILLING: Final = tuple(f"billing_{name}" for name in (*_ADDRESS, "zip"))
_NETWORKS: Final = (
    "facebook",
    "linkedin",
    "instagram",
    "snapchat",
    "whatsapp",
    "wechat",
    "viber",
    "youtube",
    "twitter",
)
_EMPTY: Final = ("company", "companytitle", *_ADDRESS, *_BILLING, *_NETWORKS, "accountid", "faq_question", "xip")


def contacts(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``contacts.list``: everyone who left a number or an address, and those created.
    """
    wanted = read_wanted("contacts", attrs.evolve(asked, edition="current", guessed=False), settings)
    if not isinstance(wanted, Wanted):
        return wanted or MISSING_FIELD
    made = [key for what, key in store.kept if what == "contacts" and _place(store, key) is None]
    people: list[Any] = [*_people(store), *made]
    pages = cut(len(people), wanted.size, settings)
    chosen = pages.rows(index(wanted, pages, settings), people)
    rows = [_contact(store, item) for item in chosen]
    return Result(data=listed([(row["crm_id"], row) for row in rows], settings, metadata(pages, wanted, settings)))


def create_contact(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``contacts.create``.
    """
    fields, now = asked.arguments or {}, store.moment(number)
    names = ("email", "first_name", "last_name", "phone_mobile", "org_name")
    identity = f"crm-{mix(store.seed, number, 15):016x}"
    told = {"crm_id": identity, "created_at": now, "updated_at": now, **{name: fields[name] for name in names}}
    more = {
        "company": fields.get("company"),
        "companytitle": fields.get("title"),
        "accountid": fields.get("account_id"),
    }
    row = {**dict.fromkeys(_EMPTY), **more, "tags": [], "crm_type": "contact", **told}
    return Result(data=told, effects=(Kept("contacts", identity, row),))


def update_contact(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``contacts.update``.
    """
    fields = dict(asked.arguments or {})
    identity = str(fields["crm_id"])
    place = _place(store, identity)
    known = store.kept.get(("contacts", identity)) or (None if place is None else _contact(store, place))
    if known is None:
        return Result(code=404, error="Contact not found")
    renamed = {"companytitle": fields.pop("title", None), "accountid": fields.pop("account_id", None)}
    given = {name: value for name, value in renamed.items() if value is not None}
    row = {**known, **fields, **given, "updated_at": store.moment(number)}
    told = {name: row[name] for name in ("crm_id", "phone_mobile", "updated_at", "email", "last_name", "first_name")}
    return Result(data={**told, "message": "Contact updated"}, effects=(Kept("contacts", identity, row),))


def users(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``users.list``.
    """
    known = {agent["user_id"]: agent for agent in store.agents()}
    rows = []
    for identity, agent in known.items():
        first, _, last = agent["screen_name"].partition(" ")
        row = {"agent_email": agent["email"], "agent_first_name": first, "agent_last_name": last}
        rows.append((identity, {**row, "agent_role": agent.get("user_role", "agent")}))
    return Result(data=listed(rows, settings, {}))


def register_webhook(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``webhooks.sms.register``.
    """
    fields = asked.arguments or {}
    identity = f"hook-{mix(store.seed, number, 16):016x}"
    hook = {"phoneNumber": fields["phoneNumber"], "url": fields["url"], "interceptorUuid": identity}
    hooks = [*_hooks(store, hook["phoneNumber"]), _shown(hook)]
    return Result(data=_changed(hooks), effects=(Kept("webhooks", identity, hook),))


def list_webhooks(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``webhooks.sms.list``.
    """
    return Result(data={"interceptors": _hooks(store, (asked.arguments or {})["phone_number"])})


def delete_webhook(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``webhooks.sms.delete``.
    """
    fields = asked.arguments or {}
    identity, line = str(fields["interceptorUuid"]), fields["phoneNumber"]
    known = store.kept.get(("webhooks", identity))
    if known is None or known["phoneNumber"] != line:
        return Result(code=404, error="Interceptor not found")
    hooks = [hook for hook in _hooks(store, line) if hook["interceptorUuid"] != identity]
    return Result(data=_changed(hooks), effects=(Kept("webhooks", identity, None),))


def _people(store: Store) -> Iterator[tuple[str, int]]:
    return ((kind, ref) for kind in KINDS for ref in store.select(kind) if store.reachable(kind, ref))


def _place(store: Store, identity: str) -> tuple[str, int] | None:
    """Return the conversation a contact comes from."""
    return next((item for item in _people(store) if _crm_id(store, *item) == identity), None)


def _crm_id(store: Store, kind: str, ref: int) -> str:
    return str(store.row(kind, ref)["crm_id"]) if ref < 0 else crm_id(store.seed, kind, ref)


def _contact(store: Store, item: Any) -> Row:
    if isinstance(item, str):
        return store.kept["contacts", item]
    kind, ref = item
    row = store.row(kind, ref)
    last = row["chat_conversation"][-1]["created_at"] if row["chat_conversation"] else row["start_time"]
    made = {
        **dict.fromkeys(_EMPTY),
        **{name: row.get(name) for name in ("crm_id", "city", "state", "country")},
        **{name: row[f"contacts_{name}"] for name in ("first_name", "last_name", "email", "notes")},
        "phone_mobile": row["contacts_phone"],
        "tags": row.get("tags", []),
        "org_name": ORG_NAME,
        "thread_id": row["alive5_sessionID"],
        "crm_type": "contact",
        "created_at": row["start_time"],
        "updated_at": row["start_time"],
        "last_interaction_at": last,
    }
    return store.kept.get(("contacts", str(row["crm_id"]))) or made


def _hooks(store: Store, line: Any) -> list[Row]:
    kept = (row for (what, _), row in store.kept.items() if what == "webhooks")
    return [_shown(row) for row in kept if row["phoneNumber"] == line]


def _shown(hook: Row) -> Row:
    return {"url": hook["url"], "interceptorUuid": hook["interceptorUuid"]}


def _changed(hooks: list[Row]) -> Row:
    return {"channelUpdate": {"Attributes": {"interceptor": hooks}}}


LATER: Final[dict[str, Callable[[Store, Asked, Settings, int], Result]]] = {
    "contacts.list": contacts,
    "contacts.create": create_contact,
    "contacts.update": update_contact,
    "users.list": users,
    "conversations.messages": messages,
    "reports.performance": performance,
    **dict.fromkeys(("reports.bots", "reports.free_text", "reports.multiple_choice", "reports.faq"), bots),
    "webhooks.sms.register": register_webhook,
    "webhooks.sms.list": list_webhooks,
    "webhooks.sms.delete": delete_webhook,
}
