"""A text to many people, each once, gone on with after a crash."""

import csv
import sys

from alive5 import Alive5, Ledger

with Alive5() as client, open(sys.argv[1]) as people:
    sender, ledger = client.sms.sender(line="Texting"), Ledger(sys.argv[2])
    results = list(
        client.sms.send_many(
            csv.DictReader(people), sender=sender, ledger=ledger, template="Hi {name}", pace=6000, quiet_hours=None
        )
    )
bad = [result for result in results if result.outcome not in ("accepted", "skipped")]
print(*bad, sep="\n")
sys.exit(bool(bad))
