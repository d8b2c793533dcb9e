"""One person's conversations."""

import json
import sys

from alive5 import Alive5

out, start, end, phone = sys.argv[1:]
with Alive5() as client, open(out, "w") as file:
    for found in client.conversations.history(phone=phone, start=start, end=end, strict=True):
        file.write(json.dumps({"alive5_sessionID": found.id, "kind": found.kind}) + "\n")
