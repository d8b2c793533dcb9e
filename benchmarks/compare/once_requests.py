"""A text for each order, though the program is run again: those that went out are written down."""

import csv
import os
import sys
import time
from pathlib import Path

import requests

BASE = os.environ["ALIVE5_BASE_URL"]
session = requests.Session()
session.headers["X-A5-APIKEY"] = os.environ["ALIVE5_API_KEY"]


def send(number, text):
    fields = {
        "phone_number_from": "+12025550101",
        "phone_number_to": number,
        "message": text,
        "channel_id": "channel-line-2",
        "user_id": "agent-omar",
    }
    for attempt in range(4):
        try:
            files = {name: (None, value) for name, value in fields.items()}
            answer = session.post(f"{BASE}/conversations/sms/send", files=files, timeout=30)
            if answer.status_code == 429:
                time.sleep(float(answer.headers.get("Retry-After", 1)))
                continue
            answer.raise_for_status()
            if answer.json()["code"] == 200:
                return True
        except (requests.RequestException, ValueError):
            time.sleep(0.1 * 2**attempt)
    return False


done, failed = Path(sys.argv[2]), 0
sent = set(done.read_text().split()) if done.exists() else set()
with open(sys.argv[1]) as orders:
    for order in csv.DictReader(orders):
        if order["order"] in sent:
            continue
        if send(order["number"], order["text"]):
            with done.open("a") as file:
                file.write(order["order"] + "\n")
        else:
            print(order["order"], "failed")
            failed = 1
sys.exit(failed)
