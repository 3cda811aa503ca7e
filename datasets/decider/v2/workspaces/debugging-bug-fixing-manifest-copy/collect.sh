#!/bin/sh
# usage: collect.sh MANIFEST FROM TO
#
# Copy files from the folder FROM to the folder TO. Each line of MANIFEST is a path below FROM, exactly as
# it is written: blanks in front, inside or behind and backslashes belong to the name. Empty lines and
# lines that begin with # are no paths. A file keeps its path below TO; folders are made as needed.
#
# Last line of the output: "copied N, missing M". Each missing file is named on the error output as
# "missing: PATH". Status 0 if all files were there, 1 if some were missing, 2 if MANIFEST cannot be read.
set -u

manifest=$1
from=$2
to=$3
copied=0
missing=0

cat "$manifest" | grep -v '^#' | while read path; do
    [ -z "$path" ] && continue
    if [ -f "$from/$path" ]; then
        mkdir -p "$to/$(dirname $path)"
        cp "$from/$path" "$to/$path"
        copied=$((copied + 1))
    else
        echo "missing: $path" >&2
        missing=$((missing + 1))
    fi
done

echo "copied $copied, missing $missing"
[ $missing -eq 0 ]
