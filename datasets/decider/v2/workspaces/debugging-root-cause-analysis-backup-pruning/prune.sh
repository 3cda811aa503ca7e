#!/bin/sh
# prune.sh TODAY: delete archives that are too old, as the README says.
set -e
. ./backup.conf

# days_between EARLIER LATER
days_between() {
    echo $(( ($(date -d "$2" +%s) - $(date -d "$1" +%s) + 43200) / 86400 ))
}

# prune KIND DAYS PATTERN
prune() {
    for file in "$ARCHIVES"/$1-$3; do
        [ -e "$file" ] || continue
        day=${file##*/$1-}
        day=${day%%.*}
        if [ "$(days_between "$day" "$today")" -gt "$2" ]; then
            rm "$file"
            echo "$today pruned ${file##*/}"
        fi
    done
}

today=$1
prune weekly "$WEEKLY_DAYS" "*.$SUFFIX"
prune weekly "$WEEKLY_DAYS" "*.tar.gz"
prune daily "$DAILY_DAYS" "*.tar.gz"
