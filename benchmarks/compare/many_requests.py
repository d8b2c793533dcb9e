"""A text to many people, gone on with after a crash: numbers are cleaned, doubles left out, those done written down."""

import csv
import os
import re
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
with open(sys.argv[1]) as people:
    for person in csv.DictReader(people):
        number = "+1" + re.sub(r"\D", "", person["phone_number"])[-10:]
        if number in sent:
            continue
        if len(number) == 12 and send(number, f"Hi {person['name']}"):
            sent.add(number)
            with done.open("a") as file:
                file.write(number + "\n")
        else:
            print(number, "failed")
            failed = 1
sys.exit(failed)
