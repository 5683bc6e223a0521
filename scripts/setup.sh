#!/bin/sh
# Make a machine ready for cnnviz: sh scripts/setup.sh FOLDER_OF_THE_VIRTUAL_ENVIRONMENT
# Installs the headers of Cairo and Pango and a C compiler if they are missing (with the
# system's package manager), then the locked Python packages and cnnviz itself.
# PYTHON=... chooses the interpreter.
set -eu

venv=$1

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: missing %s\n' "$*" >&2; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    stop "Python 3.11 or newer: install it (apt-get install python3), or say PYTHON=/path/to/python3"
}

has_compiler() { command -v cc >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1; }
has_headers() { has_compiler && pkg-config --exists cairo pangocairo; }
has_python_headers() {
    "$python" -c 'import os, sysconfig as s, sys
sys.exit(not os.path.exists(os.path.join(s.get_path("include"), "Python.h")))'
}
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then say "needs your password for: $*"; sudo "$@"
    else return 1
    fi
}

install_system_packages() {
    if command -v apt-get >/dev/null 2>&1; then
        set -- build-essential pkg-config libcairo2-dev libpango1.0-dev python3-dev python3-venv
        say "installing $* with apt-get"
        as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
            stop "system packages: run as root: apt-get install $*"
    elif command -v dnf >/dev/null 2>&1; then
        set -- gcc gcc-c++ pkgconf-pkg-config cairo-devel pango-devel python3-devel
        say "installing $* with dnf"
        as_root dnf install -y -q "$@" || stop "system packages: run as root: dnf install $*"
    elif command -v brew >/dev/null 2>&1; then
        say "installing cairo pango pkg-config with brew"
        brew install --quiet cairo pango pkg-config || stop "system packages: brew install cairo pango pkg-config"
    else
        stop "a C compiler, pkg-config and the headers of Cairo, Pango and Python: install them with your package manager"
    fi
}

python=$(find_python)
say "Python: $python"
if has_headers && has_python_headers && has_venv; then
    say "Cairo, Pango and a C compiler: there"
else
    install_system_packages
    python=$(find_python)
    has_headers || stop "the headers of Cairo and Pango, also after installing them: see the messages above"
    has_venv || stop "the module venv of $python: install it with your package manager"
fi

if [ ! -x "$venv/bin/python" ]; then
    say "making $venv"
    "$python" -m venv "$venv"
fi
say "installing the packages of constraints.txt (a few minutes the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --use-pep517 --constraint constraints.txt --editable '.[dev]' ||
    stop "Python packages: pip's message above says which; a network connection is needed the first time"
say "ready: $venv/bin/cnnviz"
