# shellcheck shell=bash
# What every script here shares: where things are built, how a script speaks, and a second try for a registry that hiccups.
# Sourced, never run. Kept to bash 3.2, which macOS has.

REPO="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
BUILD="${MALACHITE_BUILD:-$REPO/build}"

# Progress and complaints go to stderr: stdout belongs to what a script was asked for.
say() { printf 'malachite: %s\n' "$*" >&2; }

# fail WHAT-IS-WRONG [WHAT-MENDS-IT]
fail() {
  say "$1"
  if [ $# -gt 1 ]; then say "  to mend it: $2"; fi
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# retry COMMAND...: three tries, because a registry that answers late is no reason to stop.
retry() {
  local try
  for try in 1 2; do
    if "$@"; then return 0; fi
    say "'$1' failed (try $try of 3), again in $((try * 3)) s"
    sleep $((try * 3))
  done
  "$@"
}

# A short name for a text, to build file names from.
short_hash() { printf '%s' "$1" | cksum | cut -d' ' -f1 | { read -r n; printf '%08x' "$n"; }; }

# The hash of files' contents, whichever tool this system has.
content_hash() {
  if have sha256sum; then cat "$@" | sha256sum | cut -d' ' -f1; else cat "$@" | shasum -a 256 | cut -d' ' -f1; fi
}
