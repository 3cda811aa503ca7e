#!/bin/sh
# Write tonight's archive, on Sundays a weekly one too, then prune.
set -e
. ./backup.conf
today=$(date +%F)
used=$(du -sm "$ARCHIVES" | cut -f1)
if [ "$used" -gt "$QUOTA_MB" ]; then
    echo "$today error quota $used MB of $QUOTA_MB MB" >> logs/backup.log
    exit 1
fi
./pack.sh "$ARCHIVES/daily-$today.$SUFFIX"
echo "$today wrote daily-$today.$SUFFIX" >> logs/backup.log
if [ "$(date +%u)" = 7 ]; then
    cp "$ARCHIVES/daily-$today.$SUFFIX" "$ARCHIVES/weekly-$today.$SUFFIX"
    echo "$today wrote weekly-$today.$SUFFIX" >> logs/backup.log
fi
./prune.sh "$today" >> logs/backup.log
