# Every shell of the machine has this: only the shell itself can change into an environment.
conda() {
  case "${1-}" in
    activate | deactivate) _malachite_conda="$(command conda shell.posix "$@")" && eval "$_malachite_conda" ;;
    *) command conda "$@" ;;
  esac
}
