# The whole run of the tests, for ./test. POSIX sh; sourced from the project's folder after setup/lib.sh.

FAILED=.pytest_cache/v/cache/lastfailed

# Everything, in so many processes. What failed while thousands ran beside it, browsers and killed processes among them, is asked
# once more alone. More than three that fail are no accident, and what fails alone too is none. What passes then is named: the
# chance that it took is a fault of the test or of the portal, and the next to be mended.
run_tests() {
    status=0
    .venv/bin/python -m pytest --cache-clear -n "$1" --dist loadfile --no-loadscope-reorder || status=$?
    [ "$status" -eq 1 ] && [ -f "$FAILED" ] || return "$status"
    again=$(.venv/bin/python -c "import json, sys; print(*json.load(open(sys.argv[1])), sep='\n')" "$FAILED")
    [ "$(printf '%s\n' "$again" | wc -l)" -le 3 ] || return 1
    say "— once more, alone"
    .venv/bin/python -m pytest --last-failed || return 1
    say "! failed beside the others and passed alone, to be mended:" "$again"
}
