#!/bin/sh
# Run it every minute. Where the new list can't be fetched, or is not whole, the old one stays.
set -eu
export LC_ALL=C
cd "<folder>"
rm -f dnsmasq.conf.new
printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
    --etag-compare dnsmasq.conf.etag --etag-save dnsmasq.conf.etag.new --output dnsmasq.conf.new "<feed>/dnsmasq.conf"
[ -s dnsmasq.conf.new ] || exit 0
# Nothing but comments and names: read as a configuration, any other line could run a program.
name='[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+'
lines="^(#[^[:cntrl:]]*|server=/$name/)\$"
[ "$(grep -acE "$lines" dnsmasq.conf.new)" = "$(grep -ac '' dnsmasq.conf.new)" ]
# dnsmasq reads 1,024 octets of a line, and the rest as another line.
awk 'length > 1000 { exit 1 }' dnsmasq.conf.new
[ "$(grep -c '^server=' dnsmasq.conf.new)" = "$(sed -n 's/^# Number of entries: //p' dnsmasq.conf.new)" ]
mv dnsmasq.conf.new dnsmasq.conf
mv dnsmasq.conf.etag.new dnsmasq.conf.etag
systemctl reload dnsmasq
