#!/usr/bin/env bash
# Makes the root file system of the image that jobs run in, from Debian packages, where no image registry is in reach.
#
#   make-rootfs.sh OUT.tar       then: docker import OUT.tar malachite/base:1
#
# Needs root and apt-get (Debian or Ubuntu); what else it needs it downloads into a directory of its own. The packages come
# from the mirror that this machine's apt sources name; nothing else of this machine gets into the image.
set -euo pipefail

say() { printf 'base image: %s\n' "$*" >&2; }
fail() { say "$1"; exit 1; }

[ $# = 1 ] || fail "usage: make-rootfs.sh OUT.tar"
OUT="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
command -v apt-get >/dev/null || fail "this machine has no apt-get; build the Dockerfile beside this script instead"
[ "$(id -u)" = 0 ] || fail "making a root file system needs root; build the Dockerfile beside this script instead"

PACKAGES=bash,ca-certificates,python3,python3-pip,python3-venv,python-is-python3,openssh-sftp-server
WORK="$(mktemp -d "${TMPDIR:-/tmp}/rootfs.XXXXXX")"
trap 'rm -rf "$WORK" "$OUT.part"' EXIT

. /etc/os-release
HERE="${VERSION_CODENAME:-}"
# Jobs see the same Debian wherever it was made; on Ubuntu the mirror has Ubuntu only.
if [ "${ID:-}" = debian ]; then SUITE=bookworm; COMPONENTS=main; else SUITE="$HERE"; COMPONENTS=main,universe; fi
MIRROR="$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
  awk -v r="$HERE" '$1 == r && $2 == "main" { print $3; exit }')"
[ -n "$MIRROR" ] || fail "this machine's apt sources name no mirror for '$HERE'"
KEYRING="/usr/share/keyrings/${ID:-debian}-archive-keyring.gpg"

# mmdebstrap is one Perl script: unpacked, not installed.
get_mmdebstrap() {
  local apt="$WORK/apt" signed=""
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$WORK/tools"
  [ ! -f "$KEYRING" ] || signed="[signed-by=$KEYRING] "
  echo "deb $signed$MIRROR $HERE ${COMPONENTS//,/ }" >"$apt/sources.list"
  set -- -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$apt/lists" \
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
  apt-get "$@" update >/dev/null
  (cd "$WORK/tools" && apt-get "$@" download mmdebstrap >/dev/null && dpkg-deb -x mmdebstrap_*.deb .)
  # It calls helpers of its own package by name.
  PATH="$WORK/tools/usr/bin:$PATH"
}

bootstrap() {
  # apt wants certificates and proxies of this machine only for the download: they are settings and files out here.
  mmdebstrap --mode=root --variant=apt --components="$COMPONENTS" --include="$PACKAGES" --format=tar \
    --aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='sed -i "s#//[^/@]*@#//#" "$1/etc/apt/sources.list"' \
    --customize-hook='rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1/etc/apt/apt.conf.d/99mmdebstrap"' \
    "$SUITE" "$OUT.part" "$MIRROR" 2>&1 | tee "$WORK/log" | sed -un 's/^I: /base image: /p' >&2
}

if ! command -v mmdebstrap >/dev/null; then
  say "fetching mmdebstrap"
  get_mmdebstrap || get_mmdebstrap || fail "mmdebstrap cannot be downloaded from $MIRROR"
fi
say "installing $PACKAGES of $SUITE into an empty directory"
if ! bootstrap; then
  say "that failed, once more"
  bootstrap || { tail -n 15 "$WORK/log" >&2; fail "the root file system cannot be made; the lines above say why"; }
fi
mv "$OUT.part" "$OUT"
say "done: $(du -m "$OUT" | cut -f1) MB"
