#!/bin/sh
# install.sh SOURCE TARGET: copy programs, manual pages and settings.
source=$1
target=$2
if [ ! -d "$source" ]; then
    echo "no folder $source" >&2
    exit 2
fi
count=0

# programs
if [ -d "$source/bin" ]; then
    mkdir -p "$target/bin"
    for file in "$source"/bin/*; do
        if [ -f "$file" ]; then
            name=$(basename "$file")
            if [ -e "$target/bin/$name" ] && cmp -s "$file" "$target/bin/$name"; then
                echo "same bin/$name"
            else
                cp "$file" "$target/bin/$name"
                chmod 755 "$target/bin/$name"
                echo "installed bin/$name"
                count=$((count + 1))
            fi
        fi
    done
else
    echo "no bin in $source"
fi

# manual pages
if [ -d "$source/man" ]; then
    mkdir -p "$target/man"
    for file in "$source"/man/*; do
        if [ -f "$file" ]; then
            name=$(basename "$file")
            if [ -e "$target/man/$name" ] && cmp -s "$file" "$target/man/$name"; then
                echo "same man/$name"
            else
                cp "$file" "$target/man/$name"
                chmod 644 "$target/man/$name"
                echo "installed man/$name"
                count=$((count + 1))
            fi
        fi
    done
fi

# settings: never overwrite what the owner may have edited
if [ -d "$source/etc" ]; then
    mkdir -p "$target/etc"
    for file in "$source"/etc/*; do
        if [ -f "$file" ]; then
            name=$(basename "$file")
            if [ -e "$target/etc/$name" ] && cmp -s "$file" "$target/etc/$name"; then
                echo "same etc/$name"
            elif [ -e "$target/etc/$name" ]; then
                cp "$file" "$target/etc/$name.new"
                chmod 600 "$target/etc/$name.new"
                echo "kept etc/$name"
            else
                cp "$file" "$target/etc/$name"
                chmod 600 "$target/etc/$name"
                echo "installed etc/$name"
                count=$((count + 1))
            fi
        fi
    done
else
    echo "no etc in $source"
fi

echo "$count installed"
