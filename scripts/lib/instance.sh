# shellcheck shell=bash
# One running server, known by its data directory: start, wait, ask, stop. Sourced after common.sh; DATA names the directory.
# Kept to bash 3.2, which macOS has.

# The server's process, if it runs: alive, a Java process, and not merely waiting to be reaped.
instance_pid() {
  local pid
  pid="$(cat "$DATA/malachite.pid" 2>/dev/null)" || return 1
  [ -n "$pid" ] && process_runs "$pid" && echo "$pid"
}

process_runs() {
  case "$(ps -o stat= -o command= -p "$1" 2>/dev/null)" in "" | Z*) return 1 ;; *java*) return 0 ;; *) return 1 ;; esac
}

# A value of what the server wrote about itself.
instance_value() { sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\)\"\{0,1\}.*/\1/p" "$DATA/instance.json" 2>/dev/null | head -n 1; }

instance_url() {
  local host
  host="$(instance_value host)"
  case "$host" in
    0.0.0.0 | "") host=127.0.0.1 ;;
    ::) host='[::1]' ;;
    *:*) host="[$host]" ;;
  esac
  echo "http://$host:$(instance_value httpPort)"
}

# instance_get PATH [CURL-OPTION...]: prints the answer as it is.
instance_get() {
  local path="$1" answer status
  shift
  instance_pid >/dev/null || fail "no server runs on $DATA" "./malachite up --data $DATA"
  have curl || fail "there is no curl" "install curl"
  answer="$(curl -sS --noproxy '*' -m 60 -w '\n%{http_code}' "$@" "$(instance_url)/_emulator/$path" 2>&1)" ||
    fail "the server on $DATA does not answer: $(printf '%s' "$answer" | head -n 1)"
  status="${answer##*
}"
  answer="${answer%
*}"
  case "$status" in
    2*) [ -z "$answer" ] || printf '%s\n' "$answer" ;;
    *) printf '%s\n' "$answer" >&2; fail "the server refused that ($status)" ;;
  esac
}

# Starts SERVER with SERVER_OPTIONS: in this terminal for as long as it runs, or detached, and then waits until it serves.
instance_start() {
  # Nobody else looks into it: jobs' files lie there, and what they are told.
  (umask 077 && mkdir -p "$DATA" && [ -w "$DATA" ]) 2>/dev/null || fail "$DATA cannot be written to" "--data DIR names another directory"
  if instance_pid >/dev/null; then fail "a server runs on $DATA already (process $(instance_pid))" "./malachite down --data $DATA, or --data DIR for a second one"; fi
  set -- "${SERVER[@]}" "--malachite.data=$DATA" ${SERVER_OPTIONS[@]+"${SERVER_OPTIONS[@]}"}
  if [ "$DETACH" = no ]; then exec "$@"; fi
  instance_detach "$@"
}

# Its output goes to a file; if it ends before it serves, its complaint is shown.
instance_detach() {
  local log="$DATA/malachite.log" start=1 tries=0 pid
  # Of a server that was killed; it must not be mistaken for what the new one writes.
  rm -f "$DATA/instance.json"
  if [ -f "$log" ]; then start=$(($(wc -c <"$log") + 1)); fi
  nohup "$@" </dev/null >>"$log" 2>&1 &
  pid=$!
  trap 'kill -TERM "$pid" 2>/dev/null || true; exit 130' INT TERM
  until instance_ready; do
    tries=$((tries + 1))
    if ! process_runs "$pid"; then
      tail -c +"$start" "$log" | { grep '^malachite: ' || tail -c +"$start" "$log" | tail -n 5; } >&2
      exit 1
    fi
    [ "$tries" -lt 1200 ] || { kill -TERM "$pid"; fail "the server did not get ready in two minutes" "./malachite logs --data $DATA"; }
    sleep 0.1
  done
  trap - INT TERM
  say "ready; its page is at $(instance_url)/"
  say "to point a shell at it: eval \"\$($0 env$([ "$DATA" = "${MALACHITE_DATA:-$HOME/.malachite}" ] || printf -- ' --data %q' "$DATA"))\""
}

instance_ready() {
  [ -f "$DATA/instance.json" ] && [ -n "$(instance_value httpPort)" ] || return 1
  curl -fsS --noproxy '*' -m 5 -o /dev/null "$(instance_url)/_emulator/health" 2>/dev/null
}

instance_stop() {
  local pid tries=0
  if ! pid="$(instance_pid)"; then say "no server runs on $DATA"; return; fi
  kill -TERM "$pid"
  while process_runs "$pid"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "the server (process $pid) has not ended after 30 s" "kill -9 $pid; what it acknowledged is kept"
    sleep 0.1
  done
  say "stopped"
}
