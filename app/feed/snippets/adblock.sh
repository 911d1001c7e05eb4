#!/bin/sh
# For a browser or a blocking proxy that reads a file. One that fetches for itself takes the address <feed>/t/<token>/adblock.txt.
set -eu
export LC_ALL=C
cd "<folder>"
rm -f adblock.txt.new
printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
    --etag-compare adblock.txt.etag --etag-save adblock.txt.etag.new --output adblock.txt.new "<feed>/adblock.txt"
[ -s adblock.txt.new ] || exit 0
# Nothing but the header, names and pages: no exception, no script, no other list.
name='[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+'
page='[a-z0-9_-]+(\\\.[a-z0-9_-]+)+(:[0-9]+)?(\\[].^|?*+(){}/[]|\\x(24|2c|5c)|[^][\.^$|?*+(){}/,[:cntrl:]])*'
fields='Title|Description|Homepage|Licence|Contact for wrong entries|Published|Valid until|Serial|Number of entries'
lines="^(! ($fields): [^[:cntrl:]]*|\|\|$name\^(\\\$document)?|/\^https?\??:\\\\/\\\\/$page\\\$?/\\\$(match-case,all|all|document))\$"
[ "$(grep -acE "$lines" adblock.txt.new)" = "$(grep -ac '' adblock.txt.new)" ]
[ "$(grep -vc '^!' adblock.txt.new)" = "$(sed -n 's/^! Number of entries: //p' adblock.txt.new)" ]
mv adblock.txt.new adblock.txt
mv adblock.txt.etag.new adblock.txt.etag
