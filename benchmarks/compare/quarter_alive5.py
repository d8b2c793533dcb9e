"""A period of conversations on disk."""

import sys

from alive5 import Alive5

out, start, end = sys.argv[1:]
with Alive5() as client:
    report = client.export(out, start=start, end=end)
print(*report.anomalies, sep="\n")
sys.exit(report.exit_code)
