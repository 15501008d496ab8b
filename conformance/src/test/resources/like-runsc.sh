#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Takes what runsc of gVisor takes, nothing else, and lets another OCI runtime do it: the containers of a pod go into the sandbox
# that its first one made. They are no processes of the node: `run` reports the sandbox's pid, and `wait` tells how they end. What
# `exec` reports waits for the process inside, which does not end with it.
runtime=@RUNTIME@

die() {
  [ -z "${log:-}" ] || printf '{"level":"error","msg":"%s"}\n' "$1" >>"$log"
  echo "$1" >&2
  exit 128
}

take() { # take VERB OPTION... -- ARGUMENT...: refuses other options
  local verb=$1 allowed=
  shift
  while [ "$1" != -- ]; do allowed+=" $1 "; shift; done
  shift
  for word; do
    case $word in
      --help) echo "$verb:$allowed"; exit 0 ;;
      -*) [[ $allowed == *" $word "* ]] || die "flag provided but not defined: $word" ;;
    esac
  done
}

annotation() { grep -o "\"io.kubernetes.cri-o.$1\":\"[^\"]*\"" "$bundle/config.json" | cut -d'"' -f4; }

# prints the pid of a running container
pid_of() { "$runtime" --root "$root" state "$1" 2>/dev/null | tr -d ' "\n' | sed -n 's/.*pid:\([0-9]*\),.*status:running.*/\1/p'; }

# Goes into the sandbox: this shell, apart, is its parent, and keeps its exit code.
enter() {
  local sandbox pid
  sandbox=$(annotation SandboxID)
  pid=$(pid_of "$sandbox")
  [ -n "$pid" ] || die "cannot connect to sandbox $sandbox"
  echo "$sandbox" >"$root/$id.sandbox"
  # shellcheck disable=SC2016
  setsid bash -c '"$@"; echo $? >"$0.new"; mv "$0.new" "$0"' "$root/$id.exit" \
    "$runtime" --root "$root" ${log:+--log "$log" --log-format json} run --bundle "$bundle" ${console:+--console-socket "$console"} "$id" &
  until [ -n "$(pid_of "$id")" ] || [ -e "$root/$id.exit" ]; do sleep 0.02; done
  echo "$pid" >"$pid_file"
}

await() {
  [ -e "$root/$id.sandbox" ] || die "loading container: $id does not exist"
  until [ -e "$root/$id.exit" ]; do
    [ -n "$(pid_of "$(<"$root/$id.sandbox")")" ] || die "waiting on container: its sandbox is gone"
    sleep 0.05
  done
  printf '{"id":"%s","exitStatus":%s}\n' "$id" "$(<"$root/$id.exit")"
}

# Starts a process inside; what waits for it belongs to whoever is a subreaper, with the exit code.
exec_inside() {
  local pid_file='' inner='' words=() state
  while [ $# -gt 0 ]; do
    case $1 in
      --detach) ;;
      --pid-file) pid_file=$2; shift ;;
      --internal-pid-file) inner=$2; shift ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  # shellcheck disable=SC2016
  setsid --fork bash -c 'echo $$ >"$0.new"; exec "$@"' "$pid_file" \
    "$runtime" --root "$root" --log "$log" --log-format json exec --pid-file "$inner" "${words[@]}"
  until [ -s "$inner" ]; do
    sleep 0.02
    [ -s "$pid_file.new" ] || continue
    state=$(sed 's/.*) //' "/proc/$(<"$pid_file.new")/stat" 2>/dev/null) || true
    [[ $state != Z* ]] || [ -s "$inner" ] || exit 1
  done
  mv "$pid_file.new" "$pid_file"
}

all=("$@") root='' log=''
while [[ ${1:-} == -* ]]; do
  case $1 in
    --version) echo 'runsc version release-20260905.0'; exit 0 ;;
    --root) root=$2; shift 2 ;;
    --log) log=$2; shift 2 ;;
    --log-format) shift 2 ;;
    *) die "flag provided but not defined: $1" ;;
  esac
done
verb=$1
shift
case $verb in
  features) echo '{"ociVersionMin":"1.0.0","annotations":{"dev.gvisor.flag.network":"sandbox"}}'; exit 0 ;;
  create | run)
    take "$verb" --bundle --console-socket --detach --pid-file -- "$@"
    bundle='' console='' pid_file='' id=${!#} words=("$@")
    for i in "${!words[@]}"; do
      case ${words[i]} in
        --bundle) bundle=${words[i + 1]} ;;
        --console-socket) console=${words[i + 1]} ;;
        --pid-file) pid_file=${words[i + 1]} ;;
      esac
    done
    case $(annotation ContainerType) in
      sandbox) ;;
      container) enter; exit 0 ;;
      *) die "unknown container type" ;;
    esac
    ;;
  wait) id=$1; await; exit 0 ;;
  exec)
    take exec --console-socket --detach --internal-pid-file --pid-file --process -- "$@"
    if [[ " $* " == *" --internal-pid-file "* ]]; then exec_inside "$@"; exit 0; fi
    ;;
  kill)
    take kill --all --pgid -- "$@"
    if [ "$1" = --pgid ]; then kill -s "$4" -- "-$2" 2>/dev/null || die "no such process group with PGID $2"; exit 0; fi
    ;;
  delete) take delete --force -- "$@" ; rm -f "$root/${!#}".{sandbox,exit} ;;
  start | state) take "$verb" -- "$@" ;;
  *) die "unknown subcommand $verb" ;;
esac
exec "$runtime" "${all[@]}"
