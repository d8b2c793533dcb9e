#!/bin/sh
# The first export into a directory, or the next one of it. "exec": signals reach the export itself.
set -eu
out=${OUT:-/data/out}
if [ -e "$out/MANIFEST.json" ]; then
    exec alive5 --api-key-file "$KEY_FILE" export "$out" --since-last --quiet
fi
exec alive5 --api-key-file "$KEY_FILE" export "$out" --start "$START" --format parquet --quiet
