"""Hands 20 tasks to the workers and prints what came of them."""

from __future__ import annotations

import json

from celery_app import send

results = [send.delay(number) for number in range(20)]
print(json.dumps([result.get(timeout=40, interval=0.05) for result in results]))
