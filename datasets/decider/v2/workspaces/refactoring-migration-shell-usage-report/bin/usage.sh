#!/bin/sh
# usage.sh FOLDER: what happened on the machines, from *.log, users.txt and title.txt in the folder
LC_ALL=C
export LC_ALL
cd "$1" 2>/dev/null || { echo "usage.sh: no folder" >&2; exit 2; }

title=$(cat title.txt 2>/dev/null)
printf '== %s ==\n' "${title:-Usage}"

all=0
for log in *.log; do
    [ -s "$log" ] || continue
    lines=0 minutes=0 last=-
    while read user seconds what; do
        case $user in
            '' | '#'*) continue ;;
        esac
        lines=$((lines + 1))
        minutes=$((minutes + seconds / 60))
        last=${what:-$last}
    done < "$log"
    all=$((all + lines))
    printf '%-8s %3d %4d %s\n' "${log%%.*}" "$lines" "$minutes" "$last"
done

echo "-- busiest"
cat *.log 2>/dev/null | grep -v '^#' | awk 'NF { print $1 }' | sort | uniq -c | sort -rn | head -n 3

echo "-- mean"
cat *.log 2>/dev/null | awk '!/^#/ && NF > 1 { n[$1]++; s[$1] += $2 } END { for (u in n) print u, s[u] / n[u] }' | sort

echo "-- shared groups"
cut -d: -f3 users.txt 2>/dev/null | sort | uniq -d

echo "-- longest"
awk -F: '{ if (length($2) > length(name)) name = $2 } END { print name }' users.txt 2>/dev/null

[ "$all" -gt 0 ]
