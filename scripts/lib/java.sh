# shellcheck shell=bash
# From sources to something that starts fast: the JDK, the jar, the extracted jar and its AOT cache. Sourced after common.sh.
# Kept to bash 3.2, which macOS has.

JAR="$REPO/emulator-server/target/malachite.jar"
APP="$BUILD/app"

# Prints the home of a JDK that is new enough. JAVA_HOME comes first, if it is one.
find_jdk() {
  local home version
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.jdks/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -x "$home/bin/javac" ] && [ -f "$home/release" ] || continue
    version="$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")"
    if [ "${version:-0}" -ge 25 ]; then echo "$home"; return; fi
  done
  fail "there is no JDK 25 in JAVA_HOME or the usual places" "install one, for example Temurin 25, and set JAVA_HOME to it"
}

use_jdk() {
  JAVA_HOME="$(find_jdk)"
  export JAVA_HOME
  JAVA="$JAVA_HOME/bin/java"
}

# Whether a Maven run failed because of a registry, which a second try may mend.
registry_failed() { grep -qE '^\[ERROR\].*(Could not transfer|Connect(ion)? .*(timed out|reset|refused)|status code: (429|5..))' "$1"; }

# maven ARGS...: its output goes to a file; what went wrong is shown. A registry that did not answer is asked once more.
maven() {
  local log="$BUILD/mvn.log"
  have mvn || fail "there is no mvn" "install Maven 3.8 or later"
  mkdir -p "$BUILD"
  if (cd "$REPO" && mvn -B -q "$@") >"$log" 2>&1; then return 0; fi
  if registry_failed "$log"; then
    say "a package registry did not answer, once more"
    if (cd "$REPO" && mvn -B -q "$@") >"$log" 2>&1; then return 0; fi
  fi
  # Maven's errors without its advice.
  grep '^\[ERROR\] .' "$log" | grep -vE 'Help 1|full stack trace|Re-run Maven|For more information|After correcting|mvn <args>' | awk '!seen[$0]++' | head -n 15 >&2 || true
  fail "the build failed" "read $log"
}

jar_is_fresh() {
  [ -f "$JAR" ] || return 1
  [ -z "$(cd "$REPO" && find pom.xml emulator-*/pom.xml emulator-api/src/main emulator-engine/src/main emulator-server/src/main \
    -newer "$JAR" -type f 2>/dev/null)" ]
}

need_jar() {
  if jar_is_fresh; then return; fi
  say "building malachite.jar (half a minute; the first time Maven also downloads what it needs)"
  maven -Dquick package -pl emulator-server -am
  # Maven leaves a jar alone whose contents did not change.
  touch "$JAR"
}

# The extracted jar starts faster than the jar itself.
need_app() {
  need_jar
  if [ -f "$APP/malachite.jar" ] && [ ! "$JAR" -nt "$APP/.extracted" ]; then return; fi
  rm -rf "$APP" "$APP.new"
  mkdir -p "$BUILD"
  "$JAVA" -Djarmode=tools -jar "$JAR" extract --destination "$APP.new" >/dev/null
  mv "$APP.new" "$APP"
  touch "$APP/.extracted"
}

# java_options: fills JAVA_OPTIONS. Training and use must agree in them, and in the path of the jar, or the cache is silently ignored.
# - Only the simple compiler: it is done sooner, and needs no profiles, so none are recorded and none replayed. With OPTIMIZE=yes
#   the optimizing one comes to it, by the same cache: the start takes 0.8 s more, and many jobs half of their time.
# - All processors collect garbage, often: that halts requests for less. Many jobs want it seldom (OPTIMIZING).
# - Room for its code: with the default 48 MB the start is halted for a collection of everything, which frees nothing.
# - The cache lies where it was made for: moving it touches all of it.
# - Reflection without classes made for each constructor and method that is called.
java_options() {
  # The machine's notes on its cache and its memory would stand between a user and the one line that matters.
  # shellcheck disable=SC2206 # options of the user's own are words
  JAVA_OPTIONS=(-Xlog:aot*=error,gc*=error -XX:+UseParallelGC -XX:MaxNewSize=128m -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=128m
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:-AOTRecordTraining -XX:-AOTReplayTraining
    -Djdk.reflect.useNativeAccessorOnly=true -Dspring.aot.enabled=true --enable-native-access=ALL-UNNAMED ${MALACHITE_JAVA_OPTS:-})
}

# Starts once against a throw-away directory, so that later starts find their classes loaded and linked. The certificates are
# made before: a cache that holds who makes them has every start open the library for it, whose jars are signed (0.1 s).
need_aot_cache() {
  local scratch stamp
  stamp="$JAVA_HOME ${JAVA_OPTIONS[*]}"
  if [ "$(cat "$APP/.trained" 2>/dev/null)" = "$stamp" ]; then return; fi
  say "preparing fast starts, once for this build"
  scratch="$(mktemp -d "${TMPDIR:-/tmp}/malachite-training.XXXXXX")"
  rm -f "$APP/malachite.aot"
  # A cache from a start that failed would only look like one.
  "$JAVA" "${JAVA_OPTIONS[@]}" -jar "$APP/malachite.jar" certificates --malachite.data="$scratch" >"$BUILD/training.log" 2>&1 &&
    "$JAVA" "${JAVA_OPTIONS[@]}" -XX:AOTCacheOutput="$APP/malachite.aot" -jar "$APP/malachite.jar" --malachite.exit-after-start=true \
    --malachite.data="$scratch" --malachite.https-port=0 --malachite.http-port=0 >>"$BUILD/training.log" 2>&1 ||
    rm -f "$APP/malachite.aot"
  rm -rf "$scratch"
  [ -f "$APP/malachite.aot" ] || say "that did not work, starts take longer; the reason is in $BUILD/training.log"
  echo "$stamp" >"$APP/.trained"
}

OPTIMIZING=(-XX:TieredStopAtLevel=4 -XX:MaxNewSize=512m)

# need_server: everything up to a command line, in SERVER.
need_server() {
  use_jdk
  java_options
  need_app
  need_aot_cache
  if [ -f "$APP/malachite.aot" ]; then JAVA_OPTIONS+=(-XX:AOTCache="$APP/malachite.aot"); fi
  if [ "${OPTIMIZE:-no}" = yes ]; then JAVA_OPTIONS+=("${OPTIMIZING[@]}"); fi
  SERVER=("$JAVA" "${JAVA_OPTIONS[@]}" -jar "$APP/malachite.jar")
}
