#!/bin/sh
# Run it every minute. Where a new list can't be fetched, is not whole, or Squid would not take it, the old ones stay.
set -eu
export LC_ALL=C
cd "<folder>"
for file in squid-domains.txt squid-urls.txt; do
    rm -f "$file.new"
    printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
        --etag-compare "$file.etag" --etag-save "$file.etag.new" --output "$file.new" "<feed>/$file"
done
[ -s squid-domains.txt.new ] || [ -s squid-urls.txt.new ] || exit 0
# Nothing but comments, names and pages: no expression that matches more.
name='[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+'
page='[a-z0-9_-]+(\\\.[a-z0-9_-]+)+(:[0-9]+)?/(\\[].\^$|?*+(){}[]|[^][\.^$|?*+(){}[:cntrl:]])*'
lines="^(#[^[:cntrl:]]*|\.$name|\^https?\??://$page\\\$?)\$"
for file in squid-domains.txt.new squid-urls.txt.new; do
    [ -s "$file" ] || continue
    [ "$(grep -acE "$lines" "$file")" = "$(grep -ac '' "$file")" ]
    # Squid reads 2,047 octets of a line, and the rest as another line.
    awk 'length > 2000 { exit 1 }' "$file"
    [ "$(grep -vc '^#' "$file")" = "$(sed -n 's/^# Number of entries: //p' "$file")" ]
done
for file in squid-domains.txt squid-urls.txt; do
    touch "$file"
    cp "$file" "$file.old"
    [ ! -s "$file.new" ] || mv "$file.new" "$file"
done
if ! squid -k parse 2> squid-parse.log; then
    for file in squid-domains.txt squid-urls.txt; do mv "$file.old" "$file"; done
    exit 1
fi
squid -k reconfigure
for file in squid-domains.txt squid-urls.txt; do mv "$file.etag.new" "$file.etag"; done
