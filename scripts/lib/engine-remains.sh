# shellcheck shell=bash
# Finds and removes what an engine leaves when it ends, in whatever way it ended: processes, mounts, bridges, rules, cgroups.
# Sourced after firewall.sh; DIR is the engine's directory, RUN its runtime directory, BRIDGE its bridge.

# The processes that carry this engine's runtime directory in their command line: dockerd, containerd, shims, proxies.
engine_processes() {
  local p
  for p in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$p/cmdline" | grep -qE "^[^ ]*(dockerd|containerd|containerd-shim[^ ]*) .*$RUN/"; then echo "${p#/proc/}"; fi
  done
}

another_engine_runs() {
  local p
  for p in /proc/[0-9]*; do
    # Not by its name alone: one that ended and was not reaped still has that.
    if tr '\0' ' ' 2>/dev/null <"$p/cmdline" | grep -qE '^[^ ]*dockerd '; then return 0; fi
  done
  return 1
}

# Only after a crash are there any: a container's first process is the child of its shim.
end_processes() {
  local pid child
  for pid in $(engine_processes); do
    for child in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do
      case "$(cat "/proc/$child/comm" 2>/dev/null)" in containerd*) ;; *) kill -KILL "$child" 2>/dev/null || true ;; esac
    done
  done
  for pid in $(engine_processes); do kill -KILL "$pid" 2>/dev/null || true; done
  for child in $(seq 50); do
    [ -n "$(engine_processes)" ] || break
    sleep 0.1
  done
}

# The engine's database names its networks; a bridge is called after the first 12 digits.
user_bridges() {
  local id
  for id in $(grep -aoE '[0-9a-f]{64}' "$DIR/data/network/files/local-kv.db" 2>/dev/null | cut -c1-12 | sort -u); do
    if ip link show "br-$id" >/dev/null 2>&1; then echo "br-$id"; fi
  done
}

remove_mounts() {
  local point
  awk -v a="$DIR/" -v b="$RUN/" 'index($2, a) == 1 || index($2, b) == 1 { print $2 }' /proc/mounts | sort -r |
    while read -r point; do umount -l "$point" 2>/dev/null || true; done
}

remove_bridges() {
  local bridge
  for bridge in $(user_bridges) "$BRIDGE"; do
    firewall_forget "$bridge" "$(ip -4 -o addr show dev "$bridge" 2>/dev/null | awk '{ print $4; exit }')"
    ip link del "$bridge" 2>/dev/null || true
  done
}

remove_cgroups() {
  local container
  for container in "$DIR"/data/containers/*; do
    rmdir /sys/fs/cgroup/docker/"${container##*/}" /sys/fs/cgroup/*/docker/"${container##*/}" 2>/dev/null || true
  done
  if ! another_engine_runs; then rmdir /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker 2>/dev/null || true; fi
}

# A killed shim leaves its socket, whose name containerd makes from its own address and the container.
remove_shim_sockets() {
  local container
  for container in "$DIR"/data/containers/*; do
    rm -f "/run/containerd/s/$(printf '%s' "$RUN/exec/containerd/containerd.sock/moby/${container##*/}" | sha256sum | cut -d' ' -f1)"
  done
}

remove_remains() {
  end_processes
  remove_mounts
  remove_bridges
  remove_cgroups
  remove_shim_sockets
  rm -rf "$RUN"
  another_engine_runs || { firewall_restore; rmdir /run/docker/plugins /run/docker /run/containerd/s /run/containerd 2>/dev/null || true; }
}
