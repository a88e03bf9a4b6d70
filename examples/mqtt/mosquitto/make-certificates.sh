#!/bin/sh
# make-certificates.sh FOLDER HOST [CLIENT...]
#
# Makes a certificate authority of your own, a certificate for the broker on HOST, which is a name or an address
# by which everybody reaches it, and one for every CLIENT. What is there already is kept, so that it may be run
# again for another client. Give ca.crt to whoever connects; keep ca.key to yourself.
set -eu
if [ $# -lt 2 ]; then
    echo "usage: make-certificates.sh FOLDER HOST [CLIENT...]" >&2
    exit 2
fi
folder=$1
host=$2
shift 2
days=3650

# Keys are for their owner alone.
umask 077
mkdir -p "$folder"

make_key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null
}

make_authority() {
    make_key "$folder/ca.key"
    openssl req -x509 -new -key "$folder/ca.key" -out "$folder/ca.crt" -days $days -subj "/CN=Antiphon CA" \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

# make_certificate NAME USE EXTENSION...: a key and a certificate that the authority has signed.
make_certificate() {
    name=$1
    use=$2
    shift 2
    make_key "$folder/$name.key"
    request=$(mktemp)
    extensions=$(mktemp)
    printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
        "extendedKeyUsage=$use" "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" "$@" >"$extensions"
    openssl req -new -key "$folder/$name.key" -subj "/CN=$name" -out "$request"
    openssl x509 -req -in "$request" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial \
        -days $days -extfile "$extensions" -out "$folder/$name.crt" 2>/dev/null
    rm -f "$request" "$extensions"
}

# Prints what the certificate of a broker says of where it is reached.
address_of() {
    case $1 in
    *:*) echo "IP:$1" ;;
    *[!0-9.]*) echo "DNS:$1" ;;
    *) echo "IP:$1" ;;
    esac
}

[ -e "$folder/ca.crt" ] || make_authority
[ -e "$folder/broker.crt" ] || make_certificate broker serverAuth "subjectAltName=$(address_of "$host")"
for client in "$@"; do
    [ -e "$folder/$client.crt" ] || make_certificate "$client" clientAuth
done
chmod 644 "$folder"/*.crt
