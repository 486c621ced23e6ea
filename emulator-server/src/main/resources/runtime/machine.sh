# What is done on an attached machine, over SSH. All of this and one call of a function go to `sh -s`, so nothing of it stands on
# a command line. A function that refuses says why in one clause on stderr and ends with 3.
m_refuse() {
  printf '%s\n' "$1" >&2
  exit 3
}
# The keeper of a job lives: a process of that number that was started for that folder.
m_kept() {
  m_pid=$(cat "$1/keeper" 2>/dev/null) && [ -n "$m_pid" ] && kill -0 "$m_pid" 2>/dev/null && grep -aqF "$1" "/proc/$m_pid/cmdline" 2>/dev/null
}
# m_home: the user's home folder, on a machine that can run jobs.
m_home() {
  [ "$(uname -s)" = Linux ] || m_refuse "it runs $(uname -s), and jobs need Linux"
  for m_each in tar grep head tail wc; do
    command -v "$m_each" >/dev/null 2>&1 || m_refuse "it has no $m_each"
  done
  cd && [ -w . ] || m_refuse "its user has no home folder that can be written to"
  pwd
}
# m_room FOLDER: what is free there, in KiB.
m_room() { df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }
# m_open FOLDER: a node's folder, for its user alone: the job file holds the run's token.
m_open() {
  (umask 077 && mkdir -p "$1") && mkdir -p "$1/state" "$1/work" "$1/data" "$1/tmp" || exit 1
}
m_taken() { if [ -d "$1/state/taken" ]; then echo taken; else echo free; fi; }
# m_start FOLDER IMAGE ENVIRONMENT: unpacks what was brought and starts the job, once, in a container where an image is named;
# returns when it runs.
m_start() {
  [ ! -d "$1/state/taken" ] || return 0
  if [ -f "$1/job.tar" ]; then
    tar -xf "$1/job.tar" -C "$1" || exit 1
    [ -z "$2" ] || m_contain "$1" "$2" "$3"
    rm -f "$1/job.tar"
  fi
  cd "$1/work" || exit 1
  TMPDIR=$1/tmp
  export TMPDIR
  if command -v setsid >/dev/null 2>&1; then
    setsid sh "$1/state/keep" "$1/state" </dev/null >>"$1/state/log" 2>&1 &
  else
    nohup sh "$1/state/keep" "$1/state" </dev/null >>"$1/state/log" 2>&1 &
  fi
  m_tries=0
  # Not before the job file itself runs: until then its group need not exist, and a signal would miss it.
  while [ ! -e "$1/state/started" ] && [ ! -e "$1/state/exit" ]; do
    m_tries=$((m_tries + 1))
    [ "$m_tries" -lt 400 ] || m_refuse "the job did not begin"
    sleep 0.05 2>/dev/null || sleep 1
  done
}
# m_follow FOLDER BYTES...: hands on what each log has beyond so many bytes, as "log NUMBER LENGTH" and that many bytes, until
# the job has ended: "exit CODE", "unbegun" or "gone". Ends with its connection.
m_follow() {
  m_state=$1/state
  shift
  echo "$PPID" >"$m_state/connection"
  m_count=0
  for m_each; do
    eval "m_from_$m_count=\$m_each"
    m_count=$((m_count + 1))
  done
  while kill -0 "$PPID" 2>/dev/null; do
    m_end=
    # Looked at before the logs: what is in them then is all.
    if [ -f "$m_state/exit" ]; then
      m_end=exit
    elif ! m_kept "$m_state"; then
      if [ -f "$m_state/exit" ]; then m_end=exit; else m_end=gone; fi
    fi
    m_more=
    m_i=0
    while [ "$m_i" -lt "$m_count" ]; do
      m_log=$m_state/log
      [ "$m_i" = 0 ] || m_log=$m_log.$m_i
      eval "m_from=\$m_from_$m_i"
      m_size=0
      [ ! -f "$m_log" ] || m_size=$(wc -c <"$m_log")
      m_length=$((m_size - m_from))
      if [ "$m_length" -gt 0 ]; then
        m_more=1
        [ "$m_length" -le 1048576 ] || m_length=1048576
        printf 'log %d %d\n' "$m_i" "$m_length" || exit 1
        tail -c "+$((m_from + 1))" "$m_log" | head -c "$m_length" || exit 1
        eval "m_from_$m_i=$((m_from + m_length))"
      fi
      m_i=$((m_i + 1))
    done
    if [ -z "$m_more" ] && [ -n "$m_end" ]; then
      if [ "$m_end" = gone ]; then
        echo gone
      elif [ "$(cat "$m_state/exit")" = 125 ] && [ ! -e "$m_state/started" ]; then
        echo unbegun
      else
        printf 'exit %d\n' "$(cat "$m_state/exit")"
      fi
      return 0
    fi
    [ -n "$m_more" ] || sleep 0.1 2>/dev/null || sleep 1
  done
}
# m_release FOLDER: ends the connection of ours before this one, which may hold the port though nobody is at its other end.
m_release() {
  m_pid=$(cat "$1/state/connection" 2>/dev/null)
  [ -n "$m_pid" ] && [ "$m_pid" != "$PPID" ] || return 0
  case "$(cat "/proc/$m_pid/comm" 2>/dev/null)" in sshd*) kill "$m_pid" 2>/dev/null ;; esac
}
# Signals the group of the job's processes while their keeper lives; else the number may be another's by now.
m_signal() {
  m_kept "$1/state" && m_group=$(cat "$1/state/group" 2>/dev/null) && kill -s "$2" -- "-$m_group" 2>/dev/null
}
# m_await FOLDER TENTHS: whether the job has ended within so many tenths of a second.
m_await() {
  m_tries=0
  while [ ! -f "$1/state/exit" ] && m_kept "$1/state"; do
    m_tries=$((m_tries + 1))
    [ "$m_tries" -le "$2" ] || return 1
    sleep 0.1 2>/dev/null || { sleep 1; m_tries=$((m_tries + 9)); }
  done
}
# Again and again, because a group that is just being made misses a signal.
m_kill() {
  m_times=0
  while [ "$m_times" -lt 20 ]; do
    [ ! -x "$1/state/end" ] || "$1/state/end" >/dev/null 2>&1
    m_signal "$1" KILL
    m_await "$1" 5 && return 0
    m_times=$((m_times + 1))
  done
  m_refuse "the job does not end"
}
# m_stop FOLDER TENTHS: SIGTERM, and SIGKILL after so many tenths of a second; returns when the job has ended. Its keeper
# notes the group when it has begun the job, which on a busy machine may be ahead of it.
m_stop() {
  [ -d "$1/state/taken" ] || { echo free; return 0; }
  m_waits=0
  while [ ! -e "$1/state/group" ] && m_kept "$1/state" && [ "$m_waits" -lt 100 ]; do
    m_waits=$((m_waits + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  m_signal "$1" TERM
  m_await "$1" "$2" || m_kill "$1"
  echo taken
}
# m_collect FOLDER NAME...: an archive of what of these is there.
m_collect() {
  cd "$1" 2>/dev/null || return 0
  shift
  for m_each; do
    shift
    [ ! -d "$m_each" ] || [ -L "$m_each" ] || set -- "$@" "$m_each"
  done
  [ $# -gt 0 ] || return 0
  if tar --version 2>/dev/null | grep -q GNU; then
    tar --hard-dereference -cf - "$@" 2>/dev/null
  else
    tar -cf - "$@" 2>/dev/null
  fi
}
# m_remove FOLDER: the node with a job that may run in it.
m_remove() {
  [ -d "$1" ] || return 0
  if [ -d "$1/state/taken" ] && [ ! -f "$1/state/exit" ]; then m_kill "$1"; fi
  rm -rf "$1" 2>/dev/null || { chmod -R u+rwX "$1" 2>/dev/null; rm -rf "$1" || exit 1; }
  rmdir "$(dirname "$1")" 2>/dev/null || true
}
# m_interpreter NAME: where it is. Commands say python; Debian and its like have only python3.
m_interpreter() {
  m_name=$1
  # shellcheck disable=SC2088 # As users write it in an environment's definition.
  case "$m_name" in "~/"*) m_name=$HOME/${m_name#??} ;; esac
  command -v "$m_name" 2>/dev/null && return 0
  case "$m_name" in */*) ;; python*) command -v python3 2>/dev/null && return 0 ;; esac
  m_refuse "it has no interpreter '$1'"
}
# m_has IMAGE...: the first of these that the machine has.
m_has() {
  command -v docker >/dev/null 2>&1 || m_refuse "the job asks for a container (docker.enabled or use_docker in the v1 SDK, always in v2), and it has no Docker"
  m_said=$(docker version 2>&1) || m_refuse "its user cannot use its Docker: $(printf '%s\n' "$m_said" | tail -n 1)"
  for m_each; do
    if docker image inspect "$m_each" >/dev/null 2>&1; then
      printf '%s\n' "$m_each"
      return 0
    fi
  done
}
m_pull() { docker pull "$1" || m_refuse "failed to pull the image '$1'"; }
# m_inside IMAGE FOLDER SCRIPT: runs a script in a container, as the user, with a folder of the user's at the same place.
m_inside() {
  (umask 077 && mkdir -p "$2") || exit 1
  printf '%s' "$3" | docker run -i --rm --network host --user "$(id -u):$(id -g)" -e "HOME=$2" -v "$2:$2" "$1" sh -s
}
# m_contain FOLDER IMAGE ENVIRONMENT: has the job file run in a container of its own. The network is the machine's, because the
# way to the emulator is a port of its loopback; the user is the one who comes, so that what the job writes can be removed.
m_contain() {
  mv "$1/state/job" "$1/state/inner" && mkdir -p "$1/home" || exit 1
  m_name=malachite-$(basename "$(dirname "$1")")-$(basename "$1")
  # A container's first process hears no signal that it does not ask for, and ends the others when it ends.
  cat >"$1/state/first" <<'END'
sh "$1/inner" &
m_job=$!
trap : TERM
while :; do
  wait "$m_job"
  m_code=$?
  kill -0 "$m_job" 2>/dev/null || exit "$m_code"
done
END
  printf '#!/bin/sh\nexec docker rm -f %s\n' "$m_name" >"$1/state/end" && chmod 700 "$1/state/end" || exit 1
  printf '%s\n' "$1" "$2" "$3" >"$1/state/container"
  cat >"$1/state/job" <<'END'
{ read -r m_folder && read -r m_image && read -r m_environment; } <"${0%/*}/container"
m_name=malachite-$(basename "$(dirname "$m_folder")")-$(basename "$m_folder")
set -- --rm --name "$m_name" --network host --user "$(id -u):$(id -g)" -e "HOME=$m_folder/home" -v "$m_folder:$m_folder"
[ -z "$m_environment" ] || set -- "$@" -v "$m_environment:$m_environment"
docker run "$@" -w "$m_folder/work" "$m_image" sh "$m_folder/state/first" "$m_folder/state" &
m_run=$!
trap 'docker exec "$m_name" sh -c "kill -s TERM -- -1" >/dev/null 2>&1' TERM
while :; do
  wait "$m_run"
  m_code=$?
  kill -0 "$m_run" 2>/dev/null || exit "$m_code"
done
END
}
# m_environment FOLDER VERSION REQUIREMENTS: a virtual environment, made once; VERSION may be empty.
m_environment() {
  [ ! -e "$1/malachite-done" ] || return 0
  m_minor=$(printf '%s' "$2" | cut -d. -f1,2)
  m_python=$(command -v "python$m_minor" 2>/dev/null || command -v python3 2>/dev/null) || m_refuse "it has no Python 3"
  m_version=$("$m_python" -c 'import platform; print(platform.python_version())')
  if [ -n "$2" ] && [ "$2" != "$m_version" ]; then
    echo "Python $2 is asked for; the nearest one there is $m_version."
  else
    echo "Python $m_version"
  fi
  mkdir -p "$(dirname "$1")" || exit 1
  "$m_python" -m venv --clear "$1" || m_refuse "failed to make a virtual environment there"
  printf '%s\n' "$3" >"$1/requirements.txt" || exit 1
  "$1/bin/python" -m pip install --no-input -r "$1/requirements.txt" || m_refuse "failed to install the packages there"
  : >"$1/malachite-done"
}
# m_built FOLDER
m_built() { if [ -e "$1/malachite-done" ]; then echo built; else echo missing; fi; }
