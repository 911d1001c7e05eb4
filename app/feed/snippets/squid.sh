#!/bin/sh
# Run it every minute. Where a new list can't be fetched, is not whole, or Squid would not take it, the old ones stay.
set -eu
cd "<folder>"
for file in squid-domains.txt squid-urls.txt; do
    rm -f "$file.new"
    printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
        --etag-compare "$file.etag" --etag-save "$file.etag.new" --output "$file.new" "<feed>/$file"
done
[ -s squid-domains.txt.new ] || [ -s squid-urls.txt.new ] || exit 0
for file in squid-domains.txt.new squid-urls.txt.new; do
    [ ! -s "$file" ] || [ "$(grep -vc '^#' "$file")" = "$(sed -n 's/^# Number of entries: //p' "$file")" ]
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
