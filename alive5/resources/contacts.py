"""Contacts of the account."""

from __future__ import annotations

from collections.abc import Sequence

from .. import _core, models
from .._sansio import later_endpoints as endpoints
from .._sansio.later_endpoints import LARGEST_PAGE
from .._sansio.validate import count, identifier, phone, refuse
from ._base import AsyncResource


class AsyncContacts(AsyncResource):
    """
    People the account knows.

    A contact is known by its ``crm_id``, which conversations name too.
    """

    def list(
        self, *, page: int = 1, limit: int = 100, prefetch: int = 1, strict: bool = False
    ) -> _core.AsyncPages[models.CrmContact]:
        """
        Return a listing of all contacts.

        ``page`` is the first page to read, counted from 1; ``limit`` the page
        size, at most 100; ``prefetch`` how many pages are fetched at once.
        Calls ``GET /objects/contact/get-all``. Seen live by the vendor's staff.
        """
        size = count("limit", limit)
        if size > LARGEST_PAGE:
            raise refuse("limit", f"must be at most {LARGEST_PAGE}")
        start, ahead = count("page", page), count("prefetch", prefetch)
        self._caller.check_open(endpoints.LIST_CONTACTS.operation)
        return _core.AsyncPages(
            _core.Listing(
                caller=self._caller,
                endpoint=endpoints.LIST_CONTACTS,
                limit=size,
                start=start,
                prefetch=ahead,
                strict=strict,
            )
        )

    async def create(
        self,
        *,
        email: str,
        first_name: str,
        last_name: str,
        phone_mobile: str,
        org_name: str | None = None,
        account_id: str | None = None,
        title: str | None = None,
        company: str | None = None,
    ) -> models.CrmContact:
        """
        Create a contact.

        Calls ``POST /contact/create-new``. Documented in 2021; ``account_id``,
        ``title`` and ``company`` in 2026 only. Never tried.

        :param email: E-mail address.
        :param first_name: First name.
        :param last_name: Last name.
        :param phone_mobile: Mobile number.
        :param account_id: Id in a system of yours.
        :param title: Title in the company.
        :param company: Company.
        """
        needed = {"email": email, "first_name": first_name, "last_name": last_name}
        optional = {"account_id": account_id, "title": title, "company": company}
        arguments = {
            **{name: identifier(name, value) for name, value in needed.items()},
            "phone_mobile": phone("phone_mobile", phone_mobile),
            **_given(optional),
        }
        contact: models.CrmContact = await self._create(endpoints.CREATE_CONTACT, arguments, org_name)
        return contact

    async def update(
        self,
        *,
        crm_id: str,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        phone_mobile: str | None = None,
        org_name: str | None = None,
        account_id: str | None = None,
        title: str | None = None,
        company: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> models.CrmContact:
        """
        Change what is given of a contact.

        The service may report an error though the change was made, so such a
        response raises ``OutcomeUnknownError``: read the contact again. Calls
        ``PUT /contact/update-contact``. Documented in 2021, where all of create
        is needed, and in 2026, where only what changes is. Never tried.

        :param crm_id: Id of the contact.
        :param email: New e-mail address.
        :param first_name: New first name.
        :param last_name: New last name.
        :param phone_mobile: New mobile number.
        :param org_name: Your organisation.
        :param account_id: Id in a system of yours.
        :param title: Title in the company.
        :param company: Company.
        :param tags: Its new tags, all of them.
        """
        texts = {"email": email, "first_name": first_name, "last_name": last_name, "org_name": org_name}
        changes: dict[str, object] = _given({**texts, "account_id": account_id, "title": title, "company": company})
        if phone_mobile is not None:
            changes["phone_mobile"] = phone("phone_mobile", phone_mobile)
        if tags is not None:
            changes["tags"] = _labels(tags)
        identity = identifier("crm_id", crm_id)
        if not changes:
            raise refuse("crm_id", "comes alone: give at least one value to change")
        contact: models.CrmContact = await self._caller.call(endpoints.UPDATE_CONTACT, {"crm_id": identity, **changes})
        return contact


def _given(values: dict[str, str | None]) -> dict[str, object]:
    return {name: identifier(name, value) for name, value in values.items() if value is not None}


def _labels(tags: Sequence[str]) -> object:
    if isinstance(tags, (str, bytes)) or not isinstance(tags, Sequence):
        raise refuse("tags", "must be a sequence of texts")
    return [identifier("tags", tag) for tag in tags]
