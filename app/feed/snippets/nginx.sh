#!/bin/sh
# Run it every minute. Where the new list can't be fetched, is not whole, or nginx would not take it, the old one stays.
set -eu
export LC_ALL=C
cd "<folder>"
rm -f nginx.map.new
printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
    --etag-compare nginx.map.etag --etag-save nginx.map.etag.new --output nginx.map.new "<feed>/nginx.map"
[ -s nginx.map.new ] || exit 0
# Nothing but comments, names and pages: no default, no other file.
name='[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+'
page='[a-z0-9_-]+(\\\.[a-z0-9_-]+)+(:[0-9]+)?\\/(\\[].^|?*+(){}/[]|\\x(24|2c|5c)|[^]"[\.^$|?*+(){}/,[:cntrl:]])*'
lines="^(#[^[:cntrl:]]*|\.$name 1;|\"$name(:[0-9]+)?/[^\"\\[:cntrl:]]*\" 1;|\"~\^$page\\\$?\" 1;)\$"
[ "$(grep -acE "$lines" nginx.map.new)" = "$(grep -ac '' nginx.map.new)" ]
[ "$(grep -vc '^#' nginx.map.new)" = "$(sed -n 's/^# Number of entries: //p' nginx.map.new)" ]
touch nginx.map
cp nginx.map nginx.map.old
mv nginx.map.new nginx.map
if ! nginx -t -q; then
    mv nginx.map.old nginx.map
    exit 1
fi
nginx -s reload
mv nginx.map.etag.new nginx.map.etag
