#!/bin/sh
# new-plugin.sh NAME [FOLDER]: a new plugin from the template beside this script. NAME is its id: [a-z][a-z0-9-]*, at
# most 63 characters, better with a prefix of your own ("acme-redactor"). FOLDER is made; without it, ./NAME.
set -eu
die() { printf 'new-plugin: %s\n' "$*" >&2; exit 1; }

[ $# -ge 1 ] || die "which name? new-plugin.sh NAME [FOLDER]"
name=$1 to=${2:-$1} template=$(cd "$(dirname "$0")" && pwd)
printf '%s' "$name" | grep -qE '^[a-z][a-z0-9-]{0,62}$' ||
  die "'$name' is no id: wanted [a-z][a-z0-9-]*, at most 63 characters"
[ ! -e "$to" ] || die "$to is there already"

file=$(printf '%s' "$name" | tr - _)
upper=$(printf '%s' "$file" | tr '[:lower:]' '[:upper:]')
class=$(printf '%s' "$name" |
  awk -F- '{ for (i = 1; i <= NF; ++i) printf "%s", toupper(substr($i, 1, 1)) substr($i, 2) }')
mkdir -p "$to"
for source in "$template"/*; do
  base=$(basename "$source")
  [ "$base" = new-plugin.sh ] && continue
  sed -e "s/acme-example/$name/g" -e "s/acme_example/$file/g" -e "s/AcmeExample/$class/g" -e "s/ACME_EXAMPLE/$upper/g" \
    "$source" >"$to/$(printf '%s' "$base" | sed "s/acme_example/$file/")"
done
printf 'made %s: %s.hpp is the plugin, README.md says how to build it\n' "$to" "$file"
