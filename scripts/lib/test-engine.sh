# shellcheck shell=bash
# Which Docker engine the tests use. choose_engine sets DOCKER (true or false) and exports DOCKER_HOST; end_engine ends what
# it started, and only that. Sourced after debian.sh.

ENGINE_STARTED=no
NO_DOCKER=""

choose_engine() {
  case "$1" in
    private) private_engine ;;
    host) host_engine ;;
    none) NO_DOCKER="they were switched off by --engine none" ;;
    "")
      if [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] && is_debian_like; then private_engine; else host_engine; fi
      ;;
    *) fail "--engine is host, private or none, not '$1'" ;;
  esac
  if [ -n "$NO_DOCKER" ]; then DOCKER=false; else DOCKER=true; fi
}

private_engine() {
  local line
  ENGINE_STARTED=yes
  # A directory that nobody else uses, so it is ours to stop; its images stay for the next run.
  if line="$("$REPO/scripts/engine" start --dir "$BUILD/test-engine")"; then
    DOCKER_HOST="${line#DOCKER_HOST=}"
    export DOCKER_HOST
    unset DOCKER_CONTEXT
  else
    NO_DOCKER="a private engine could not be started, the lines above say why"
  fi
}

host_engine() {
  if ! have docker; then NO_DOCKER="there is no docker command, and a private engine needs root on Debian or Ubuntu"
  elif ! docker version >/dev/null 2>&1; then NO_DOCKER="no engine answers at ${DOCKER_HOST:-its default address}, and a private one needs root on Debian or Ubuntu"; fi
}

end_engine() { if [ $ENGINE_STARTED = yes ]; then "$REPO/scripts/engine" stop --dir "$BUILD/test-engine" || true; fi; }

# Loud, and again at the end: a green result must not be taken for more than it is.
report_docker() {
  [ -n "$NO_DOCKER" ] || return 0
  say "########################################################################"
  say "# Docker tests NOT run: $NO_DOCKER"
  say "########################################################################"
}
