# shellcheck shell=bash
# Arithmetic on IPv4 addresses: enough to choose a subnet that nobody uses and to tell whose an address is. Sourced.

ip_number() { local IFS=.; set -- ${1%%/*}; echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4)); }

# cidr_overlaps A/BITS B/BITS: true when one lies within the other; no /BITS means one address.
cidr_overlaps() {
  local a="${1##*/}" b="${2##*/}" bits mask
  [ "$1" != "${1#*/}" ] || a=32
  [ "$2" != "${2#*/}" ] || b=32
  bits=$((a < b ? a : b))
  mask=$((bits == 0 ? 0 : (0xffffffff << (32 - bits)) & 0xffffffff))
  [ $(($(ip_number "$1") & mask)) -eq $(($(ip_number "$2") & mask)) ]
}

# The first 10.213.x.0/24 that touches no route, address or name server of this machine.
free_subnet() {
  local used n cidr free
  used="$( (ip -4 route show table all; ip -4 -o addr) | grep -oE '[0-9]+(\.[0-9]+){3}(/[0-9]+)?' | sort -u
    sed -n 's/^nameserver \([0-9.]*\)$/\1/p' /etc/resolv.conf 2>/dev/null)"
  for n in $(seq 0 255); do
    free=yes
    for cidr in $used; do
      case "$cidr" in 0.0.0.0*) continue ;; esac
      if cidr_overlaps "$cidr" "10.213.$n.0/24"; then free=no; break; fi
    done
    if [ $free = yes ]; then echo "10.213.$n.0/24"; return; fi
  done
  fail "no free subnet between 10.213.0.0 and 10.213.255.0"
}
