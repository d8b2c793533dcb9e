"""A Celery application over the filesystem, whose module-level client was used before the pool forked."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

from alive5 import Alive5, RetryPolicy

client = Alive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
client.call("GET", "/echo", params={"token": f"{os.getpid()}-import"})
client.tags.list()

app = Celery("celery_app", broker="filesystem://", backend="file://" + os.path.abspath("results"))
app.conf.update(
    broker_transport_options={
        "data_folder_in": "queue",
        "data_folder_out": "queue",
        "control_folder": "control",
        "processed_folder": "processed",
        "polling_interval": 0.05,
    },
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    task_acks_late=False,
)


def send_one(number: int) -> dict[str, object]:
    """
    Send one text, and say who did.
    """
    token = f"{os.getpid()}-{number}"
    echoed = client.call("GET", "/echo", params={"token": token})["token"]
    sent = client.sms.send(
        phone_number_from="+12025550100",
        phone_number_to="+12025550123",
        message=f"text {number}",
        channel_id="channel-1",
        user_id="user-1",
    )
    return {"pid": os.getpid(), "right": token == echoed, "sent": sent.thread_id}


send: Any = app.task(name="send")(send_one)
