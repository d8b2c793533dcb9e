"""
Queues 20 tasks, or prints what came of those named by id.

Neither while a worker runs: a message or result may be read from its file before it is whole.
"""

from __future__ import annotations

import json
import sys

from celery_app import app, send

if sys.argv[1:]:
    answer = [app.AsyncResult(task).get(timeout=10) for task in sys.argv[1:]]
else:
    answer = [send.delay(number).id for number in range(20)]
print(json.dumps(answer))
