"""The sentences a server's error may be shown in; all else it says may hold what the call was given."""

from __future__ import annotations

from itertools import product
from typing import Final

# Seen of the service, documented, or said by the sandbox; then what stands in front of such a service.
_WHOLE: Final = (
    *("Invalid token", "Authorization token not found", "Invalid API key", "No conversations found", "Nothing found"),
    *("Invalid page or limit", "Message is too long", "Unprocessable", "Something went wrong", "Internal error"),
    *("Unknown number: not a line of that channel", "Not found", "Not allowed", "Access denied", "Refused"),
    *("Bad Request", "Unauthorized", "Forbidden", "Method Not Allowed", "Request Timeout", "Conflict", "Gone"),
    *("Payload Too Large", "Unsupported Media Type", "Unprocessable Entity", "Too Many Requests", "Rate exceeded"),
    *("Rate limit exceeded", "Limit Exceeded", "Internal Server Error", "Bad Gateway", "Service Unavailable"),
    *("Gateway Timeout", "Missing Authentication Token", "Endpoint request timed out", "Validation error"),
)
_ABOUT: Final = (
    *("Invalid {}", "Missing {}", "Unknown {}", "{} is required", "{} is missing", "{} is invalid", "{} is not valid"),
    *("{} not found", "{} is unknown", "{} does not exist", "{} already exists", "{} must be a valid {}"),
)
# The parameters of the documented operations and of the later ones, by their names on the wire, and what they are of.
_NAMES: Final = (
    *("org_name", "channel_id", "user_id", "message", "phone_number_from", "phone_number_to", "email", "name", "role"),
    *("screenname", "channels", "channel_name", "accessChannels", "channel", "title", "body", "content", "category"),
    *("shortCode", "botname", "botchain_name", "bot_type", "widget_id", "widget_name", "widget_type", "page", "limit"),
    *("date-start", "date-end", "date_start", "date_end", "datetime_from", "datetime_to", "from_datetime"),
    *("to_datetime", "timezone_offset", "botflowFilter", "crm_id", "agent_id", "assigned_to", "alive5_sessionID"),
    *("first_name", "last_name", "phone_mobile", "account_id", "company", "tags", "phoneNumber", "url", "direction"),
    *("method", "interceptorUuid", "contact", "conversation", "thread", "tag", "agent", "user", "widget", "botchain"),
    *("interceptor", "number", "phone number", "date", "field", "parameter", "request", "account", "API key"),
)


def _spelled(form: str, name: str) -> str:
    text = form.format(*[name] * form.count("{}"))
    return text[0].upper() + text[1:] if form.startswith("{") and name.isalpha() else text


# By the sentence in lower case.
SENTENCES: Final = {
    sentence.lower(): sentence
    for sentence in (*_WHOLE, *(_spelled(form, name) for form, name in product(_ABOUT, _NAMES)))
}
