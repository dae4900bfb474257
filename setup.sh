#!/bin/sh
# Installs what the program needs, and nothing twice: system libraries and fonts where the package
# manager may be used, and the virtual environment .venv from the lock file.
#
#   sh setup.sh          to run it
#   sh setup.sh test     to test it as well (adds the test packages and Chromium)
set -eu
cd "$(dirname "$0")"

case "${1:-run}" in
    run) lock=requirements.lock ;;
    test) lock=requirements-test.lock ;;
    *) echo "usage: sh setup.sh [test]" >&2; exit 2 ;;
esac

# The stamp holds the sums of what it was made from, so that a changed lock installs again.
stamp=.venv/.installed-$lock
wanted=$(cksum setup.sh "$lock")
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

say() { printf 'setup: %s\n' "$*" >&2; }

# --- system packages ------------------------------------------------------------------------------

if ! command -v apt-get >/dev/null; then as_root=no
elif [ "$(id -u)" = 0 ]; then as_root=
elif sudo -n true 2>/dev/null; then as_root=sudo
else as_root=no
fi

# apt_install PACKAGE...: true when they are installed afterwards; else one line says what to run.
apt_install() {
    if [ "$as_root" = no ]; then
        if command -v apt-get >/dev/null; then say "please run: sudo apt-get install $*"
        else say "please install (names as in Debian): $*"; fi
        return 1
    fi
    say "installing $*"
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$@" </dev/null >/dev/null
}

# apt_refresh: the package lists, once; a fresh machine has none.
apt_refreshed=
apt_refresh() {
    [ "$as_root" != no ] && [ -z "$apt_refreshed" ] || return 0
    apt_refreshed=yes
    $as_root apt-get -qq update </dev/null || say "apt-get update failed; going on with the lists that are here"
}

# newest_python: the newest Python from 3.11 on that really starts (a version manager leaves shims
# of versions that do not).
newest_python() {
    for name in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(newest_python); then
    apt_refresh
    apt_install python3 python3-venv || true
    if ! python=$(newest_python); then
        say "Python 3.11 or newer is needed; install it and run this again."
        exit 1
    fi
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt_refresh
    apt_install "python$version-venv" || { say "the venv module of Python $version is needed."; exit 1; }
fi

# Pango and HarfBuzz draw the PDF papers. The probe is the loader itself, so a hand-built library counts.
has_libraries() {
    "$python" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null
}
pango="libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0"

# Version 1 of the Liberation fonts lacks most Vietnamese letters; fontconfig writes 2.0 as 2 * 65536.
has_fonts() {
    command -v fc-match >/dev/null || return 1
    found=$(fc-match --format='%{family} %{fontversion}' 'Liberation Serif')
    case "$found" in
        "Liberation Serif "*) [ "${found##* }" -ge 131072 ] ;;
        *) fc-list : family | grep -q '^Tinos' ;;
    esac
}

# The names that tests/conftest.py looks for.
has_chromium() {
    command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null \
        || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# lacks TEXT: says it now and, because no stamp is left, on every start until it is mended.
complete=yes
lacks() { complete=no; say "$*"; }

packages=
if [ "$(uname)" = Linux ]; then
    # shellcheck disable=SC2086  # a list of libraries
    has_libraries $pango || packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    has_fonts || packages="$packages fontconfig FONTS"
fi
# Playwright's own Node.js is linked against libatomic, which a bare system has not.
if [ "$lock" = requirements-test.lock ] && [ "$(uname)" = Linux ] && ! has_libraries libatomic.so.1; then
    packages="$packages libatomic1"
fi
if [ "$lock" = requirements-test.lock ] && [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null
then
    # The same engine without windows opens a page in a third of the time; where it cannot be had, Chromium will do.
    [ "$as_root" = no ] || apt_refresh
    if [ "$as_root" != no ] && apt-cache show chromium-headless-shell >/dev/null 2>&1
    then packages="$packages chromium-headless-shell"
    elif ! has_chromium
    then packages="$packages chromium"
    fi
fi
if [ -n "$packages" ]; then
    apt_refresh
    # Two names for the same fonts: Debian 12 keeps version 2 apart, newer releases do not.
    if apt-cache show fonts-liberation2 >/dev/null 2>&1; then fonts=fonts-liberation2; else fonts=fonts-liberation; fi
    # shellcheck disable=SC2086  # a list of packages
    apt_install $(echo $packages | sed "s/FONTS/$fonts/") || true
    case "$packages" in *libpango*)
        has_libraries $pango || lacks "Pango or HarfBuzz-subset is missing: PDF papers will not work." ;;
    esac
    case "$packages" in *FONTS*)
        has_fonts || lacks "Liberation fonts 2.x are missing: Vietnamese papers will print in a wrong font." ;;
    esac
    case "$packages" in *chromium*)
        has_chromium || lacks "WITHOUT CHROMIUM THE BROWSER TESTS DO NOT RUN (or set CHROMIUM=/path/to/it)." ;;
    esac
fi

# --- virtual environment --------------------------------------------------------------------------

if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
say "installing $lock into .venv"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock"

if [ "$(uname)" = Darwin ] && ! .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; then
    lacks "please run: brew install pango && brew install --cask font-liberation"
fi
[ "$complete" = no ] || printf '%s\n' "$wanted" >"$stamp"
