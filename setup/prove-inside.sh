#!/bin/sh
# Starts a fresh clone, again, and after a kill, and tells how long each start took. Run it in the clone's folder, as the
# user to prove it for; prove-from-nothing.sh does so in an empty Debian.
set -eu
cd -- "$(dirname -- "$0")/.."
port=${1:-8000}
said=var/proof.txt

now() { date +%s%N; }
tell() { printf '%-44s %s\n' "$1" "$2"; }
seconds_since() { echo "$((($(now) - $1) / 1000000 / 100))" | sed 's/\(.\)$/.\1 s/; s/^\./0./'; }

# Starts ./run, waits for its address, tells the time. Sets launcher to the process id.
start() {
    mkdir -p var
    : >"$said"
    began=$(now)
    ./run --port "$port" >"$said" 2>&1 &
    launcher=$!
    until grep -q '^Jieding runs at' "$said"; do
        if ! kill -0 "$launcher" 2>/dev/null; then
            tell "$1" "✗"
            cat "$said"
            exit 1
        fi
        sleep 0.1
    done
    tell "$1" "$(seconds_since "$began")"
}

left_over() {
    grep -lsz "^JIEDING_LAUNCHER=$PWD/var" /proc/[0-9]*/environ || true
    grep -ls "$PWD/var/postgres" /proc/[0-9]*/cmdline || true
}

# Nothing of ours may run any more within some seconds.
nothing_left() {
    tries=0
    while [ -n "$(left_over)" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 150 ]; then
            tell "$1" "✗ still there:"
            for process in $(left_over); do tr '\0' ' ' <"${process%/*}/cmdline" && echo; done
            exit 1
        fi
        sleep 0.1
    done
    tell "$1" "✓"
}

stop() {
    began=$(now)
    kill -INT "$launcher"
    wait "$launcher" || true
    tell "  stopped with Ctrl-C" "$(seconds_since "$began")"
    nothing_left "  no process left"
}

start "first start"
if ./run --port "$((port + 1))" >var/second.txt 2>&1; then code=0; else code=$?; fi
tell "  a second ./run beside it (exit code $code)" "$(head -n 1 var/second.txt)"
# The scheduler and the worker say that they are there within some seconds of their start.
sleep 5
./run flask doctor 2>/dev/null || { tell "flask doctor" "✗"; kill -INT "$launcher"; exit 1; }
stop
start "second start"
kill -9 "$launcher"
wait "$launcher" 2>/dev/null || true
nothing_left "  killed: no process left"
start "start after a kill"
stop
began=$(now)
./run flask doctor >/dev/null 2>&1 || true
tell "./run flask doctor on its own" "$(seconds_since "$began")"
nothing_left "  no process left"
