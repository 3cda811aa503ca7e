#!/bin/sh
set -eu
: "${PAPERFLOW_SPOOL:=/var/spool/paperflow}"
umask "${PAPERFLOW_UMASK:-027}"
export PAPERFLOW_STARTED_BY=start.sh
mkdir -p "$PAPERFLOW_SPOOL"
case "${1:-server}" in
  server) exec python3 -m paperflow.server ;;
  worker) exec nice -n "${WORKER_NICE:-5}" python3 -m paperflow.worker ;;
esac
