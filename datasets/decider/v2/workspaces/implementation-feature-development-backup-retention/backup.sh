#!/bin/sh
# Put everything below SOURCE into TARGET/NAME-STAMP.tar and print the archive's path.
# NAME is the base name of SOURCE unless -n says otherwise; STAMP is the UTC time as
# YYYYMMDD-HHMMSS, or $BACKUP_STAMP where that is set.
set -eu

usage() {
    echo "usage: backup.sh [-n NAME] SOURCE TARGET" >&2
    exit 2
}

name=
while getopts n: option; do
    case $option in
        n) name=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
source=$1
target=$2
[ -n "$name" ] || name=$(basename "$source")
stamp=${BACKUP_STAMP:-$(date -u +%Y%m%d-%H%M%S)}

part="$target/.$name-$stamp.part"
trap 'rm -f "$part"' EXIT
tar -cf "$part" -C "$source" .
mv "$part" "$target/$name-$stamp.tar"
echo "$target/$name-$stamp.tar"
