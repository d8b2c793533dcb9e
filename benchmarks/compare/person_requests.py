"""One person's conversations: all are read, and their numbers compared by their digits."""

import json
import os
import re
import sys
import time
from datetime import date

import requests

BASE = os.environ["ALIVE5_BASE_URL"]
session = requests.Session()
session.headers["X-A5-APIKEY"] = os.environ["ALIVE5_API_KEY"]


def get(path, params):
    for attempt in range(5):
        try:
            answer = session.get(BASE + path, params=params, timeout=30)
            if answer.status_code == 429:
                time.sleep(float(answer.headers.get("Retry-After", 1)))
                continue
            answer.raise_for_status()
            body = answer.json()
            if body["code"] == 200:
                return body["data"]
            error = body["error"]
        except (requests.RequestException, ValueError) as failed:
            error = failed
        time.sleep(0.1 * 2**attempt)
    raise SystemExit(f"{path}: {error}")


def american(day):
    return date.fromisoformat(day).strftime("%m-%d-%Y")


def conversations(kind, start, end):
    params = {"date-start": american(start), "date-end": american(end)}
    if kind != "livechat":  # texts and Messenger come whole
        data = get(f"/conversations/{kind}", params)
        yield from data["Items"] if isinstance(data, dict) else data
        return
    page = 1
    while True:
        data = get(f"/conversations/{kind}", {**params, "page": page, "limit": 100})
        rows = data["Items"] if isinstance(data, dict) else data
        if not rows:
            return
        yield from rows
        page += 1


def digits(number):
    return re.sub(r"\D", "", number or "")[-10:]


out, start, end, phone = sys.argv[1:]
with open(out, "w") as file:
    for kind in ("livechat", "sms", "fbm"):
        for row in conversations(kind, start, end):
            if digits(row.get("contacts_phone")) == digits(phone):
                file.write(json.dumps({**row, "kind": kind}) + "\n")
