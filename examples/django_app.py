"""
Django in one file; ``gunicorn --preload --workers 4 django_app:application`` serves it.

The client is made, and may be used, before the workers are forked: each of them opens connections of its own.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

import alive5

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        SECRET_KEY=os.environ.get("DJANGO_SECRET_KEY", "only for the example"),
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    )

client = alive5.Alive5(timeout=10)


def tags(_: HttpRequest) -> JsonResponse:
    """List the labels of the account."""
    return JsonResponse({"tags": [tag.tag_label for tag in client.tags.list()], "worker": os.getpid()})


def history(request: HttpRequest) -> JsonResponse:
    """List the conversations of one person."""
    try:
        found = client.conversations.history(
            phone=request.GET.get("phone"), start=request.GET.get("start", "2026-01-01")
        )
        return JsonResponse({"conversations": [conversation.id for conversation in found]})
    except alive5.InvalidArgumentError as error:
        return JsonResponse({"error": str(error)}, status=400)
    except alive5.Alive5Error as error:
        return JsonResponse({"error": str(error)}, status=503 if error.worth_repeating else 500)


urlpatterns = [path("tags", tags), path("history", history)]
application = get_wsgi_application()
