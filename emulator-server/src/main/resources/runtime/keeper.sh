# Keeps one job of the process runtime: runs the job file in a process group of its own, and leaves its exit code in a
# file, whether or not the emulator still lives. Takes the node's state folder, and `leave` for a job whose children may stay.
state=$1
# One keeper per node: the second one, of an emulator that crashed in between, has nothing to do.
mkdir "$state/taken" 2>/dev/null || exit 0
# It must outlive the job that it reports. A trap, unlike ignoring, is not inherited.
trap : TERM INT HUP
echo $$ > "$state/keeper.new" && mv "$state/keeper.new" "$state/keeper"
if command -v setsid >/dev/null 2>&1; then
  setsid sh "$state/job" </dev/null &
else
  set -m
  sh "$state/job" </dev/null &
fi
job=$!
# What this shell says of its own about the job's end is not the job's output.
exec >/dev/null 2>&1
echo "$job" > "$state/group.new" && mv "$state/group.new" "$state/group"
while :; do
  wait "$job"
  code=$?
  # A signal ends the wait early; then the job is still there.
  kill -0 "$job" 2>/dev/null || break
done
# As in a container, nothing outlives the job's first process.
[ "$2" = leave ] || kill -s KILL -- "-$job" 2>/dev/null
echo "$code" > "$state/exit.new" && mv "$state/exit.new" "$state/exit"
