"""Whose conversation it is: a short key that the conversations of one contact share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from ...models._addresses import read_address
from ...models._sides import folded, line_key

# A million contacts share one with a chance of 1 in 37 million, at 8 bytes each.
_BYTES: Final = 8


def contact_key(row: Mapping[str, Any]) -> int | None:
    """
    Return the key of a row's contact: of the phone number, else the e-mail address, else the contact's id.

    Spellings of a number or an address share it. It is no protection: who knows a number can
    make its key.
    """
    number, address = line_key(row["contacts_phone"]), row["contacts_email"]
    email = read_address(address) or folded(address)
    known = f"phone {number}" if number else f"email {email}" if email else f"id {row['crm_id']}"
    if not number and not email and not row["crm_id"]:
        return None
    return int.from_bytes(hashlib.blake2b(known.encode(), digest_size=_BYTES).digest())


def show_key(key: int | None) -> str | None:
    """
    Return a key as text.
    """
    return None if key is None else f"{key:0{2 * _BYTES}x}"
