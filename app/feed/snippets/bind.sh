#!/bin/sh
# Run it every minute. Where the new list can't be fetched, or BIND would not take it, the old one stays.
set -eu
cd "<folder>"
rm -f rpz.zone.new
printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
    --etag-compare rpz.zone.etag --etag-save rpz.zone.etag.new --output rpz.zone.new "<feed>/rpz.zone"
[ -s rpz.zone.new ] || exit 0
named-checkzone -q "rpz.<list name>" rpz.zone.new
mv rpz.zone.new rpz.zone
mv rpz.zone.etag.new rpz.zone.etag
rndc reload "rpz.<list name>"
