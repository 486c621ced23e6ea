# shellcheck shell=bash
# Packages of Debian or Ubuntu without installing them: downloaded and unpacked below the build folder, the system untouched.
# Sourced after common.sh.

# A value of /etc/os-release; empty where there is none.
os_release() { [ -r /etc/os-release ] && sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" /etc/os-release | head -n 1; }

is_debian_like() { have apt-get && have dpkg-deb && [ -n "$(os_release VERSION_CODENAME)" ]; }

# The mirror that the machine's own apt sources name for its release.
debian_mirror() {
  local mirror
  mirror="$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v r="$(os_release VERSION_CODENAME)" '$1 == r && $2 == "main" { print $3; exit }')"
  [ -n "$mirror" ] || fail "this machine's apt sources name no mirror for $(os_release VERSION_CODENAME)" "see 'apt-get indextargets'"
  echo "$mirror"
}

# debian_apt SUITE ARGS...: apt-get that knows only SUITE, with lists of its own.
debian_apt() {
  local suite="$1" dir keyring options="" mirror
  shift
  dir="$BUILD/apt/$suite"
  if [ ! -f "$dir/sources.list" ]; then
    keyring="/usr/share/keyrings/$(os_release ID)-archive-keyring.gpg"
    [ ! -f "$keyring" ] || options="[signed-by=$keyring] "
    mirror="$(debian_mirror)"
    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
    echo "deb $options$mirror $suite main$([ "$(os_release ID)" != ubuntu ] || echo ' universe')" >"$dir/sources.list"
  fi
  apt-get -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$dir/lists" \
    -o Dir::Cache="$dir/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2 "$@"
}

# unpack_packages SUITE INTO PACKAGE...: downloads what is not yet unpacked there.
unpack_packages() {
  local suite="$1" into="$2" stamp package debs
  shift 2
  mkdir -p "$into" "$BUILD/apt/$suite/debs"
  debs="$(cd "$BUILD/apt/$suite/debs" && pwd)"
  for package in "$@"; do
    stamp="$into/.unpacked-$package"
    [ ! -f "$stamp" ] || continue
    if [ ! -f "$BUILD/apt/$suite/updated" ]; then
      say "reading the package lists of $suite"
      retry debian_apt "$suite" update >/dev/null
      touch "$BUILD/apt/$suite/updated"
    fi
    rm -f "$debs/${package}"_*.deb
    if ! (cd "$debs" && debian_apt "$suite" download "$package" >/dev/null 2>&1); then
      # The lists may be older than the mirror.
      retry debian_apt "$suite" update >/dev/null
      (cd "$debs" && retry debian_apt "$suite" download "$package" >/dev/null)
    fi
    dpkg-deb -x "$debs/${package}"_*.deb "$into"
    touch "$stamp"
  done
}
