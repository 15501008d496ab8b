# SPDX-License-Identifier: Apache-2.0
# Read by the launchers: finds Java 25 and says with which flags it runs. Needs $home.

export LC_ALL=C.UTF-8 # without a UTF-8 locale Java refuses paths that are not ASCII

common_flags="-XX:+UseSerialGC -Xss512k -XX:-UsePerfData -XX:TrimNativeHeapInterval=5000
  -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 --enable-native-access=ALL-UNNAMED"
# Java's compilers give way to its other threads: where the processors are busy, the first calls would wait for them. For priorities
# Java warns all but root.
if [ -O / ]; then
  common_flags="$common_flags -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10"
fi

# prints the java program of JAVA_HOME or of a folder below /usr/lib/jvm
java25() {
  for dir in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
    if [ -x "$dir/bin/java" ] && grep -qs '^JAVA_VERSION="25' "$dir/release"; then
      echo "$dir/bin/java"
      return
    fi
  done
  echo "criollo: no Java 25 in JAVA_HOME or /usr/lib/jvm (for example apt-get install openjdk-25-jre-headless)" >&2
  exit 1
}

# Start-up caches are named after the content of the jars: Java takes one whose jars have been replaced, and then mixes the classes.
caches=$home/lib/caches/@build.id@

# aot_flags CACHE OUTPUT: prints the flags that use a cache of loaded classes, or make one
aot_flags() {
  if [ -n "$2" ]; then
    echo "-XX:AOTCacheOutput=$2"
  elif [ -f "$1" ]; then
    echo "-XX:AOTCache=$1 -Xlog:aot=off -Xlog:cds=off"
  fi
}
