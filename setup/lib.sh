# What ./run and ./test share: system packages, the virtual environment, its libraries. POSIX sh; sourced from the project's folder.
# Everything said here goes to standard error: standard output belongs to the command that runs afterwards.

# Some machines tell Python to keep no bytecode. Here five processes start beside each other, and hundreds in a test run:
# without it each would compile the same thousands of files again. It lies in folders that git ignores.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "✗ $1"
    shift
    for remedy in "$@"; do say "  $remedy"; done
    exit 1
}

# --- python -----------------------------------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Sets PYTHON to the first interpreter that is new enough.
find_python() {
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$PYTHON" >/dev/null && new_enough "$PYTHON"; then
            PYTHON=$(command -v "$PYTHON")
            return 0
        fi
    done
    if command -v python3 >/dev/null; then
        fail "Python 3.11 or newer is needed; python3 here is $(python3 -c 'import platform; print(platform.python_version())')." \
            "Install it with: sudo apt-get install python3.11 python3.11-venv"
    fi
    fail "Python is missing." "Install it with: sudo apt-get install python3 python3-venv"
}

# --- system packages --------------------------------------------------------------------------------------------------

# Libraries unpacked without root are found through the environment, never copied into the system.
use_unpacked_packages() {
    [ -d var/system ] || return 0
    system="$PWD/var/system"
    for folder in "$system"/usr/lib/*-linux-gnu* "$system"/lib/*-linux-gnu* "$system"/usr/lib/*-linux-gnu*/pulseaudio; do
        [ -d "$folder" ] && LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    done
    PATH="$system/usr/bin:$PATH"
    # The browser itself before the script of the same name, which looks for its settings in /etc; Java is linked into
    # the path by a script of its package, which does not run here.
    for folder in "$system"/usr/lib/chromium "$system"/usr/lib/jvm/*/bin; do
        [ -d "$folder" ] && PATH="$folder:$PATH"
    done
    for folder in "$system"/usr/lib/*-linux-gnu*/ImageMagick-*/modules-*/coders; do
        [ -d "$folder" ] && export MAGICK_CODER_MODULE_PATH="$folder"
    done
    if [ ! -e /etc/fonts/fonts.conf ] && [ -e var/system/etc/fonts/fonts.conf ]; then
        export FONTCONFIG_PATH="$PWD/var/system/etc/fonts"
    fi
    export PATH LD_LIBRARY_PATH
}

can_sudo() { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }

apt_install() {
    $1 env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install $2 >&2
}

# Installs the named packages for everybody: $1 is "" for root or "sudo -n".
install_packages() {
    apt_install "$1" "$2" 2>/dev/null && return 0
    say "  refreshing the package lists"
    $1 apt-get -o DPkg::Lock::Timeout=300 -qq update >&2 || say "  the package lists could not be refreshed"
    apt_install "$1" "$2"
}

# An apt of our own below var/apt: a plain user may neither refresh the system's lists nor fill its cache.
private_apt() {
    mkdir -p var/apt/lists/partial var/apt/cache/archives/partial var/apt/debs
    {
        printf 'Dir::State::Lists "%s/var/apt/lists";\n' "$PWD"
        printf 'Dir::Cache "%s/var/apt/cache";\n' "$PWD"
        printf 'APT::Sandbox::User "";\nDebug::NoLocking "1";\n'
    } >var/apt/apt.conf
    APT_CONFIG="$PWD/var/apt/apt.conf" "$@"
}

# The named packages and those they need that this system lacks. The C library stays the system's: two of them in one
# process cannot work.
with_dependencies() {
    private_apt apt-get -s --no-install-recommends install $1 2>/dev/null |
        sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -v -e '^libc6' -e '^libc-bin' -e '^locales'
}

# Unpacks the named packages and their dependencies below var/system, without root.
unpack_packages() {
    private_apt apt-get -qq update >&2 || return 1
    names=$(with_dependencies "$1")
    [ -n "$names" ] || return 1
    rm -f var/apt/debs/*.deb
    (cd var/apt/debs && APT_CONFIG="$OLDPWD/var/apt/apt.conf" apt-get -qq download $names >&2) || return 1
    mkdir -p var/system
    for package in var/apt/debs/*.deb; do
        dpkg -x "$package" var/system || return 1
    done
    rm -rf var/apt
    turn_links_inwards
    complete_browser
    use_unpacked_packages
}

# A browser looks for its data beside itself, also for what a package that the system has already would have put there.
complete_browser() {
    [ -d var/system/usr/lib/chromium ] || return 0
    for file in /usr/lib/chromium/*; do
        [ ! -e "$file" ] || [ -e "var/system/usr/lib/chromium/${file##*/}" ] || ln -s "$file" var/system/usr/lib/chromium/
    done
}

# Packages link to absolute paths; what was unpacked here is linked to here.
turn_links_inwards() {
    find var/system -type l | while read -r link; do
        target=$(readlink "$link")
        case $target in
            /*) [ ! -e "var/system$target" ] || ln -sfn "$PWD/var/system$target" "$link" ;;
        esac
    done
}

provide_packages() {
    command -v apt-get >/dev/null ||
        fail "These system packages are missing, and this is not a Debian or Ubuntu that could install them: $1" \
            "Install the same libraries with this system's own package manager."
    if [ "$(id -u)" = 0 ]; then
        say "Installing system packages: $1"
        install_packages "" "$1"
    elif can_sudo; then
        say "Installing system packages with sudo: $1"
        install_packages "sudo -n" "$1"
    else
        say "Unpacking system packages below var/system, for want of root: $1"
        unpack_packages "$1"
    fi
}

# $1 is "run" or "test".
need_packages() {
    use_unpacked_packages
    absent=$("$PYTHON" setup/missing.py "$1") || exit 1
    [ -z "$absent" ] && return 0
    provide_packages "$absent" || say "  that did not work"
    absent=$("$PYTHON" setup/missing.py "$1") || exit 1
    [ -z "$absent" ] && return 0
    case $absent in
        *chromium*) remark="Ubuntu has chromium as a snap only, which tests cannot drive: install google-chrome-stable there." ;;
        *) remark= ;;
    esac
    fail "System packages are missing: $absent" \
        "Install them with: sudo apt-get update && sudo apt-get install --no-install-recommends $absent" ${remark:+"$remark"}
}

# --- virtual environment ----------------------------------------------------------------------------------------------

python_version() { "$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

# Puts pip's wheel at PIP_WHEEL when the distribution's Python comes without ensurepip.
find_pip_wheel() {
    for PIP_WHEEL in var/system/usr/share/python-wheels/pip-*.whl /usr/share/python-wheels/pip-*.whl; do
        [ -e "$PIP_WHEEL" ] && return 0
    done
    return 1
}

has_ensurepip() { "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; }

# Debian keeps the part of Python that makes environments in a package of its own.
need_venv() {
    has_ensurepip && return 0
    venv_package="python$(python_version)-venv"
    if [ "$(id -u)" = 0 ] || can_sudo; then
        provide_packages "$venv_package" || true
        has_ensurepip && return 0
    elif command -v apt-get >/dev/null && "$PYTHON" -c 'import venv' 2>/dev/null; then
        find_pip_wheel && return 0
        provide_packages python3-pip-whl && find_pip_wheel && return 0
    fi
    fail "The package $venv_package is missing: without it Python cannot make a virtual environment." \
        "Install it with: sudo apt-get update && sudo apt-get install $venv_package"
}

make_venv() {
    [ -x .venv/bin/python ] && new_enough .venv/bin/python && return 0
    need_venv
    say "Making .venv with $("$PYTHON" --version)"
    rm -rf .venv
    if has_ensurepip; then
        "$PYTHON" -m venv .venv
    else
        "$PYTHON" -m venv --without-pip .venv
    fi || fail "The virtual environment could not be made." "Look at the lines above; then run the same command again."
}

pip() {
    if .venv/bin/python -c 'import pip' 2>/dev/null; then
        .venv/bin/python -m pip --disable-pip-version-check -q "$@" >&2
    else
        find_pip_wheel && .venv/bin/python "$PIP_WHEEL/pip" --disable-pip-version-check -q "$@" >&2
    fi
}

# uv installs the same files about twelve times faster; pip does where uv cannot be had. uv brings its own list of
# certificate authorities; the system's, where there is one, also knows a company's own.
install_requirements() {
    certificates=
    [ -e /etc/ssl/certs/ca-certificates.crt ] && certificates=--system-certs
    if [ -x .venv/bin/uv ] || pip install -r setup/uv.txt; then
        .venv/bin/uv pip install -q $certificates --python .venv/bin/python -r "$1" >&2
    else
        say "  uv cannot be had here; pip takes longer"
        pip install -r "$1"
    fi
}

fingerprint() {
    { .venv/bin/python --version; cat requirements.txt requirements-dev.txt setup/uv.txt; pwd; } | sha256sum | cut -d ' ' -f 1
}

# $1 is the requirements file; the stamp makes the second start a comparison of two lines.
need_libraries() {
    stamp=.venv/installed-$(basename "$1" .txt)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && return 0
    say "Installing Python libraries from $1"
    install_requirements "$1" || fail "The Python libraries could not be installed." \
        "Is the package index within reach? Then run the same command again."
    fingerprint >"$stamp"
}

# uv, fontconfig and others keep caches at home; a user without one gets a cache below var.
need_home() {
    [ -n "${HOME:-}" ] && [ -w "$HOME" ] && return 0
    mkdir -p var/home
    export HOME="$PWD/var/home"
}

# Everything, once at a time. $1: run or test; $2: requirements file.
set_up() {
    mkdir -p var || fail "The folder var/ cannot be made in $PWD." "The project's folder must be writable for $(id -un)."
    find_python
    need_home
    exec 9>var/setup.lock
    command -v flock >/dev/null && { flock -n 9 || { say "Another set-up is running; waiting for it."; flock 9; }; }
    need_packages "$1"
    make_venv
    need_libraries "$2"
    exec 9>&-
}
