# shellcheck shell=bash
# What a Docker engine leaves in the packet filter, and how it goes away again: dockerd itself cleans nothing up, and all
# engines of one machine share the same chains. Sourced after ipv4.sh; iptables and ip6tables are on PATH.

# Written by the first engine of ours that found no chains of Docker's; the last one to end puts back what it says.
FIREWALL_BEFORE=/run/malachite-firewall-before

firewall_remember() {
  [ ! -f "$FIREWALL_BEFORE" ] || return 0
  ! iptables -S 2>/dev/null | grep -q '^-N DOCKER' || return 0
  echo "$(cat /proc/sys/net/ipv4/ip_forward) $(iptables -S FORWARD | awk '$1 == "-P" { print $3 }')" >"$FIREWALL_BEFORE"
}

# A starting dockerd empties the chains that it shares with the engines that run already. firewall_keep, before it, notes
# their rules (those that name a bridge); firewall_give_back, after it, puts in what is missing, in the same order.
firewall_keep() {
  local table
  for table in filter nat; do
    iptables -t "$table" -S 2>/dev/null | grep -E -- '^-A DOCKER.* (-i|-o) ' | sed "s/^/$table /" || true
  done >"$1"
}

firewall_give_back() {
  local table append rule
  sed -n '1!G;h;$p' "$1" | while read -r table append rule; do
    [ "$append" = -A ] || continue
    printf '%s\n' "-C $rule" | xargs iptables -t "$table" 2>/dev/null ||
      printf '%s\n' "-I $rule" | xargs iptables -t "$table" 2>/dev/null || true
  done
  rm -f "$1"
}

# delete_rules TABLE: deletes the rules that stdin lists as `iptables -S` prints them.
delete_rules() {
  local rule
  while read -r rule; do
    printf '%s\n' "-D ${rule#-A }" | xargs "$IPTABLES" -t "$1" || true
  done
}

# firewall_forget BRIDGE SUBNET: deletes every rule that names the bridge or an address of its subnet.
firewall_forget() {
  local bridge="$1" subnet="$2" table address addresses
  for IPTABLES in iptables ip6tables; do
    for table in filter nat mangle raw; do
      "$IPTABLES" -t "$table" -S 2>/dev/null | grep -E -- "^-A.* $bridge( |\$)" | delete_rules "$table" || true
    done
  done
  [ -n "$subnet" ] || return 0
  IPTABLES=iptables
  addresses="$(iptables -t nat -S | grep -oE -- '-[sd] [0-9.]+/[0-9]+' | cut -d' ' -f2 | sort -u || true)"
  for address in $addresses; do
    ! cidr_overlaps "$address" "$subnet" || iptables -t nat -S | grep -F -- " $address " | grep '^-A' | delete_rules nat || true
  done
}

# Removes Docker's chains altogether and puts back what firewall_remember found. For when no engine runs any more.
firewall_restore() {
  local table chain forward policy
  [ -f "$FIREWALL_BEFORE" ] || return 0
  for IPTABLES in iptables ip6tables; do
    for table in filter nat mangle raw; do
      "$IPTABLES" -t "$table" -S 2>/dev/null | grep -E -- '^-A.* -[jg] DOCKER' | delete_rules "$table" || true
      for chain in $("$IPTABLES" -t "$table" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do
        "$IPTABLES" -t "$table" -F "$chain" && "$IPTABLES" -t "$table" -X "$chain" || true
      done
    done
  done
  read -r forward policy <"$FIREWALL_BEFORE"
  iptables -P FORWARD "${policy:-ACCEPT}"
  echo "$forward" >/proc/sys/net/ipv4/ip_forward
  rm -f "$FIREWALL_BEFORE"
}
