#!/bin/sh
# Run it every minute. Where the new list can't be fetched, or dnsmasq would not take it, the old one stays.
set -eu
cd "<folder>"
rm -f dnsmasq.conf.new
printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
    --etag-compare dnsmasq.conf.etag --etag-save dnsmasq.conf.etag.new --output dnsmasq.conf.new "<feed>/dnsmasq.conf"
[ -s dnsmasq.conf.new ] || exit 0
dnsmasq --test --conf-file=dnsmasq.conf.new 2> /dev/null
mv dnsmasq.conf.new dnsmasq.conf
mv dnsmasq.conf.etag.new dnsmasq.conf.etag
systemctl reload dnsmasq
