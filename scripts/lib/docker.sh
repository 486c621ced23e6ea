# shellcheck shell=bash
# Talking to the engine that DOCKER_HOST names. Sourced after common.sh.

# A private engine may have brought its own client.
have docker || PATH="$PATH:$BUILD/engine-root/usr/bin"

need_engine() {
  have docker || fail "there is no docker command" "install Docker's command line, or run: scripts/engine start"
  docker version >/dev/null 2>&1 || fail "no Docker engine answers at ${DOCKER_HOST:-its default address}" 'export "$(scripts/engine start)"'
}

# The stamp that says from which recipe an image was made; empty when there is no such image.
image_recipe() { docker image inspect --format '{{index .Config.Labels "dev.malachite.recipe"}}' "$1" 2>/dev/null || true; }
