#!/bin/sh
# Run it every minute. Where the new files can't be fetched, are not whole, or Suricata would not take them, the old ones stay.
set -eu
export LC_ALL=C
cd "<folder>"
for file in suricata.rules suricata-domains.lst; do
    rm -f "$file.new"
    printf 'header = "Authorization: Bearer <token>"\n' | curl --config - --fail --silent --show-error --compressed \
        --etag-compare "$file.etag" --etag-save "$file.etag.new" --output "$file.new" "<feed>/$file"
done
[ -s suricata.rules.new ] || [ -s suricata-domains.lst.new ] || exit 0
rules=suricata.rules.new names=suricata-domains.lst.new
# Nothing but comments and rules of our own that alert: none that drops, or runs or writes something.
keys='(dns\.query|tls\.sni|http\.host|http\.host\.raw|http\.uri\.raw|dotprefix|nocase|startswith|endswith)'
texts='(content:"[a-zA-Z0-9./_=&~|-]+"|pcre:"/:[0-9]+\$/"|pcre:"/\^\[\^:\]\+\(:80\)\?\$/")'
lines="^(#[^[:cntrl:]]*|alert (dns|tls|http) any any -> any any \(msg:\"Flagstone listing\"; (($keys|$texts); )+metadata:flagstone [0-9a-f-]+; gid:[0-9]+; sid:[0-9]+; rev:1;\))\$"
[ ! -s $rules ] || [ "$(grep -acE "$lines" $rules)" = "$(grep -ac '' $rules)" ]
# Suricata reads 8,191 octets of a line, and the rest as another line.
[ ! -s $rules ] || awk 'length > 8000 { exit 1 }' $rules
[ ! -s $names ] || [ "$(grep -acE '^[A-Za-z0-9+/]+=*$' $names)" = "$(grep -ac '' $names)" ]
[ ! -s $rules ] || [ "$(grep -vc '^#' $rules)" = "$(sed -n 's/^# Number of entries: //p' $rules)" ]
# The same words in base64; no name begins like a header line.
[ ! -s $names ] || [ "$(grep -vc '^Iy' $names)" = "$(sed -n 's/^IyBOdW1iZXIgb2YgZW50cmllczog//p' $names | base64 -d)" ]
[ ! -s $rules ] || suricata -T -S $rules -l . > suricata-test.log 2>&1
for file in suricata.rules suricata-domains.lst; do
    [ ! -s "$file.new" ] || mv "$file.new" "$file"
done
suricatasc -c ruleset-reload-nonblocking
for file in suricata.rules suricata-domains.lst; do mv "$file.etag.new" "$file.etag"; done
