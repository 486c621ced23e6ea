# shellcheck shell=bash
# Puts a Docker engine below the build folder without installing anything, and onto PATH. Sourced after debian.sh.

ENGINE_ROOT="$BUILD/engine-root"

engine_packages() {
  local suite here
  here="$(os_release VERSION_CODENAME)"
  suite="$here"
  # Bookworm's engine, 20.10, can deadlock when containers are removed side by side (moby/moby#46661); the next release's cannot.
  if [ "$here" = bookworm ]; then suite=trixie; fi
  unpack_packages "$suite" "$ENGINE_ROOT" docker.io containerd tini
  # These need a C library no newer than this machine's.
  unpack_packages "$here" "$ENGINE_ROOT" runc
  have docker || unpack_packages "$suite" "$ENGINE_ROOT" docker-cli
  have iptables || iptables_packages "$here"
  # A machine's own iptables comes first, so that all engines use one rule set; everything else is ours.
  PATH="$ENGINE_ROOT/usr/sbin:$ENGINE_ROOT/usr/bin:$PATH:$ENGINE_ROOT/fallback"
}

iptables_packages() {
  local name
  unpack_packages "$1" "$ENGINE_ROOT" iptables libnftnl11 libip4tc2 libip6tc2 libxtables12 libmnl0 libnetfilter-conntrack3 libnfnetlink0
  mkdir -p "$ENGINE_ROOT/fallback"
  for name in iptables ip6tables iptables-save ip6tables-save iptables-restore ip6tables-restore; do
    cat >"$ENGINE_ROOT/fallback/$name" <<END
#!/bin/sh
for libraries in "$ENGINE_ROOT"/usr/lib/*-linux-gnu*; do :; done
LD_LIBRARY_PATH="\$libraries" XTABLES_LIBDIR="\$libraries/xtables" exec "$ENGINE_ROOT/usr/sbin/xtables-nft-multi" $name "\$@"
END
    chmod +x "$ENGINE_ROOT/fallback/$name"
  done
  # What the package links to is set up by a script that does not run here.
  rm -f "$ENGINE_ROOT"/usr/sbin/iptables "$ENGINE_ROOT"/usr/sbin/ip6tables
}
