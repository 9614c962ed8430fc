#!/bin/sh
# bad_files.sh GOOD.so FOLDER: files that are wrong as files, made of a plugin that is right.
set -eu
good=$1 to=$2
rm -rf "$to/directory.so"
for name in wrong_architecture truncated writable_by_others; do rm -f "$to/$name.so"; done

cp "$good" "$to/wrong_architecture.so"
# e_machine, two bytes at 18: 183 is AArch64, 62 is x86-64
case $(uname -m) in
  x86_64) machine='\267\000' ;;
  *) machine='\076\000' ;;
esac
printf "$machine" | dd of="$to/wrong_architecture.so" bs=1 seek=18 conv=notrunc status=none

head -c 1000 "$good" >"$to/truncated.so"
cp "$good" "$to/writable_by_others.so"
chmod go+w "$to/writable_by_others.so"
printf '%s\n' \
  'This is a text, not a plugin: somebody copied the wrong file into the plugin folder.' >"$to/text_file.so"
: >"$to/empty_file.so"
mkdir -p "$to/directory.so"
