"""The client openapi-python-client generates for the livechat listing, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import attrs
from peers import HOME, python

from alive5.models import LivechatConversation, Message

_JSON = {"text": "string", "number": "number", "flag": "boolean", "time": "integer"}


def schema(model: type) -> dict[str, object]:
    """Describe a model's documented values as OpenAPI does; rows may hold more."""
    properties: dict[str, object] = {}
    for field in attrs.fields(model):
        kind = field.metadata.get("alive5.kind")
        if kind is not None:
            properties[field.metadata["alive5.wire"] or field.name] = {"type": _JSON.get(kind, "string")}
    if model is LivechatConversation:
        properties["chat_conversation"] = {"type": "array", "items": {"$ref": "#/components/schemas/Message"}}
    return {"type": "object", "properties": properties}


def document() -> dict[str, object]:
    def ref(name: str) -> dict[str, object]:
        return {"$ref": f"#/components/schemas/{name}"}

    listing = {"type": "object", "properties": {"Items": {"type": "array", "items": ref("Chat")}}}
    envelope = {"type": "object", "properties": {"code": {"type": "integer"}, "data": ref("Listing")}}
    answer = {"description": "a page", "content": {"application/json": {"schema": ref("Envelope")}}}
    asked = [
        {"name": name, "in": "query", "required": True, "schema": {"type": "integer"}} for name in ("page", "limit")
    ]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Listing", "version": "1.0"},
        "paths": {
            "/conversations/livechat": {
                "get": {"operationId": "livechat", "parameters": asked, "responses": {"200": answer}}
            }
        },
        "components": {
            "schemas": {
                "Envelope": envelope,
                "Listing": listing,
                "Chat": schema(LivechatConversation),
                "Message": schema(Message),
            }
        },
    }


def generated() -> str:
    """Generate and install the client once; gives the Python that has it."""
    program = python("openapi", "openapi-python-client==0.29.1")
    client = HOME / "openapi" / "client"
    if not client.exists():
        described = HOME / "openapi" / "listing.json"
        described.write_text(json.dumps(document()))
        tool = str(Path(program).with_name("openapi-python-client"))
        command = [tool, "generate", "--path", str(described), "--output-path", str(client), "--meta", "setup"]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run([program, "-m", "pip", "install", "-q", str(client)], check=True)
    return program
