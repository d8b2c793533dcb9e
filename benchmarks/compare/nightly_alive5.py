"""The same, gone on with each night."""

import sys
from pathlib import Path

from alive5 import Alive5

out, start, _ = sys.argv[1:]
with Alive5() as client:
    if Path(out, "MANIFEST.json").exists():
        report = client.export(out, since_last=True)
    else:
        report = client.export(out, start=start)
print(*report.anomalies, sep="\n")
sys.exit(report.exit_code)
