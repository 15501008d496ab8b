# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Shared by ./dev and the scripts beside this file; sourced, never run.

say() { printf '\033[2m— %s\033[0m\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/criollo

hash_of() { cat "$@" | sha256sum | cut -c1-16; }

need() { # need PACKAGE COMMAND...: each command must be on the PATH
  local package=$1 command
  shift
  for command; do
    command -v "$command" >/dev/null || die "'$command' is missing: run 'sudo ./dev setup', or install the package $package"
  done
}

os_release() { (. /etc/os-release && eval "printf '%s' \"\${$1:-}\""); }

# debian_source SUITE: the one-line apt source of a Debian suite on the mirror that this machine already uses.
debian_source() {
  local uri
  if [ -n "${CRIOLLO_DEBIAN_MIRROR:-}" ]; then
    uri=$CRIOLLO_DEBIAN_MIRROR
  elif [ "$(os_release ID)" = debian ]; then
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
      awk -v suite="$(os_release VERSION_CODENAME)" '($2 == suite || $2 == "stable") && $3 == "main" { print $1; exit }')
  fi
  [ -n "${uri:-}" ] || die "cannot tell where Debian packages come from on this machine: set CRIOLLO_DEBIAN_MIRROR to the address of a Debian mirror"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$uri" "$1"
}

# debian_fetch SUITE download|source PACKAGE: fetches a package of a Debian suite into $scratch, as apt does for this machine.
debian_fetch() {
  local apt=${scratch:?}/apt
  mkdir -p "$apt"/{lists/partial,archives/partial}
  debian_source "$1" | sed 'p; s/^deb /deb-src /' >"$apt/sources.list"
  : >"$apt/status"
  local options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$apt/lists"
    -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt" -o "Dir::Cache::Archives=$apt/archives" -o Acquire::Languages=none -o APT::Sandbox::User=root)
  apt-get "${options[@]}" -qq update
  local action=("$2")
  [ "$2" != source ] || action+=(--download-only)
  (cd "$scratch" && apt-get "${options[@]}" -qq "${action[@]}" "$3") >&2
}

# The settings by which this machine's apt reaches its mirror, one 'name "value";' a line.
apt_settings() { apt-config dump --no-empty | grep -E '^Acquire::(https?|Check-|Retries|Languages)' || true; }

# locked FILE CMD...: only one of several callers at a time
locked() {
  local file=$1 fd
  shift
  mkdir -p "$(dirname "$file")"
  exec {fd}>"$file"
  flock "$fd"
  "$@"
  exec {fd}>&-
}
