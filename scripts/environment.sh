# Makes .venv and keeps it in step with the pinned requirements. Sourced by serve and test.
#
# fits FILE: the requirements in FILE are installed. A copy of what was installed is the stamp.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
cd "$ROOT" || exit 1
VENV=$ROOT/.venv

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Prints the Python to build with: the one that PYTHON names, else the first that will do.
find_python() {
    without_venv=''
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        is_new_enough "$candidate" || continue
        if has_venv "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
        without_venv=$candidate
    done
    if [ -n "$without_venv" ]; then
        fail "The venv module of $without_venv is missing; on Debian and Ubuntu: apt-get install python3-venv"
    fi
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found='none'
    fail "Threshold needs Python 3.11 or newer (found: $found); set PYTHON to the one to use"
}

fits() { cmp -s "$1" "$VENV/installed-$1"; }

# install FILE [FILE ...]: install what the last file asks for; it includes those before it.
install() {
    stale=''
    for file in "$@"; do
        fits "$file" || stale=yes
        last=$file
    done
    if ! "$VENV/bin/python" -c 'import pip' 2>/dev/null; then
        stale=yes
        python=$(find_python) || exit 1
        say "Making a virtual environment in .venv with $("$python" --version) ..."
        "$python" -m venv --clear "$VENV" || fail "Could not make $VENV"
    fi
    [ -n "$stale" ] || return 0
    rm -f "$VENV"/installed-*
    say "Installing the packages of $last (a minute or two, once) ..."
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        -r "$last" || fail "The packages could not be installed; the reason stands above"
    for file in "$@"; do cp "$file" "$VENV/installed-$file"; done
}
