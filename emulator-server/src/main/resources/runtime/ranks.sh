# Runs the processes of a node side by side, each as the function rank_N. What precedes this says which there are ($m_ranks),
# which of them only serve the others and never end by themselves ($m_servers), how many others there are ($m_left), and
# whether a signal reaches all of them without us ($m_group); log_N turns the output to where that of rank_N goes. The first
# to fail ends the others, and its exit code is ours.
mkfifo "$m_state/ends" && exec 8<>"$m_state/ends" || exit 1
# One watches one process: waiting is the only thing that a trap interrupts for certain, and only a parent can wait.
m_watch() {
  "log_$1"
  m_process=
  trap : TERM
  trap '[ -z "$m_process" ] || kill -s TERM "$m_process" 2>/dev/null' USR1
  "rank_$1" 8>&- &
  m_process=$!
  # What a shell says of a child that a signal has ended is not the job's output.
  exec 9>&2 2>/dev/null
  while :; do
    wait "$m_process"
    m_code=$?
    kill -0 "$m_process" || break
  done
  exec 2>&9
  [ "$m_code" = 0 ] || echo "This process ended with exit code $m_code."
  echo "$1 $m_code" >&8
}
m_stop() {
  m_stopped=1
  for m_watcher in $m_watchers; do kill -s USR1 "$m_watcher" 2>/dev/null; done
}
# Waits for a child, but not after the alarm.
m_await() {
  while [ -z "$m_late" ]; do
    wait "$1"
    kill -0 "$1" 2>/dev/null || break
  done
}
m_alarm() {
  m_late=
  (
    trap 'kill "$m_nap"; exit' TERM
    sleep "$1" 8>&- &
    m_nap=$!
    wait "$m_nap" && kill -s ALRM "$$"
  ) >/dev/null 2>&1 &
  m_alarm=$!
}
m_stopped=
m_late=
m_watchers=
m_tags=
exec 2>/dev/null
trap 'm_late=1' ALRM
if [ -n "$m_group" ]; then trap 'm_stopped=1' TERM; else trap m_stop TERM; fi
for m_each in $m_ranks; do
  if [ -n "$m_tag" ]; then
    # All of them share the container's log; a mark before each line says whose it is.
    mkfifo "$m_state/out.$m_each" || exit 1
    m_mark "$m_each" <"$m_state/out.$m_each" 8>&- &
    m_tags="$m_tags $!"
  fi
  m_watch "$m_each" &
  m_watchers="$m_watchers $!"
done
(
  trap '' TERM
  while [ "$m_left" -gt 0 ] && read -r m_who m_code; do
    [ "$m_code" = 0 ] || exit "$m_code"
    case " $m_servers " in *" $m_who "*) ;; *) m_left=$((m_left - 1)) ;; esac
  done <&8
  exit 0
) &
m_judge=$!
while :; do
  wait "$m_judge"
  m_code=$?
  kill -0 "$m_judge" 2>/dev/null || break
done
[ -n "$m_stopped" ] || m_stop
m_alarm 10
for m_watcher in $m_watchers; do m_await "$m_watcher"; done
kill "$m_alarm" 2>/dev/null
# What they printed is to arrive; who holds their output longer than they live does not hold us.
m_alarm 2
for m_each in $m_tags; do m_await "$m_each"; done
kill "$m_alarm" 2>/dev/null
exit "$m_code"
