#!/bin/sh
# Make a machine ready for cnnviz: sh scripts/setup.sh FOLDER_OF_THE_VIRTUAL_ENVIRONMENT [EXTRA]
# Installs the headers of Cairo and Pango and a C compiler if they are missing (with the
# system's package manager), then the locked Python packages and cnnviz itself; with the
# extra "dev" what its tests need as well. PYTHON=... chooses the interpreter.
set -eu

venv=$1
extra=${2:-}
cpu_index=https://download.pytorch.org/whl/cpu
log=$(mktemp)
trap 'rm -f "$log"' EXIT

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- Python ---

version_of() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_python_headers() {
    "$python" -c 'import os, sysconfig as s, sys
sys.exit(not os.path.exists(os.path.join(s.get_path("include"), "Python.h")))' 2>/dev/null
}

# Set python to the interpreter that was asked for, and to no other; if none was, to the first
# that is new enough, or to nothing if there is none at all.
find_python() {
    python=
    if [ -n "${PYTHON:-}" ]; then
        python=$(command -v "$PYTHON") || stop "PYTHON=$PYTHON: there is no such program"
        found=$(version_of "$python") || stop "PYTHON=$PYTHON: that is no Python"
        is_new_enough "$python" ||
            stop "PYTHON=$PYTHON is Python $found, but 3.11 or newer is needed"
        return
    fi
    old=
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if is_new_enough "$candidate"; then
            python=$(command -v "$candidate")
            return
        fi
        old=${old:-$(version_of "$candidate" || echo "one that does not run")}
    done
    [ -z "$old" ] || stop "Python 3.11 or newer is needed, and this machine's is $old: get one with" \
        "'uv python install 3.12' (docs.astral.sh/uv) or 'pyenv install 3.12', on Ubuntu also" \
        "'sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt install python3.12-dev python3.12-venv';" \
        "then say which: make demo PYTHON=/path/to/python3.12"
}

# --- Commands that need the network ---

network_failed() {
    grep -qiE "temporary failure|could ?n.?t (resolve|connect)|could not (resolve|connect)|\
name or service not known|nodename nor servname|network is unreachable|no route to host|\
connection (refused|timed out|broken)|timeout ?error|read timed out|newconnectionerror|\
nameresolutionerror|max retries|unable to connect|curl error" "$log"
}

# quietly WHAT COMMAND...: run a command and keep its words to itself. If it fails, say in one
# line that the network is why, or show its last words.
quietly() {
    what=$1
    shift
    if "$@" >>"$log" 2>&1; then return; fi
    if network_failed; then
        stop "no network: $what cannot be fetched; connect this machine and run the command again"
    fi
    tail -n 20 "$log" >&2
    stop "$what cannot be installed: the lines above say why"
}

# --- The system's packages ---

has_headers() {
    command -v cc >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 &&
        pkg-config --exists cairo pangocairo
}
is_complete() { [ -n "$python" ] && has_headers && has_python_headers && has_venv; }

# become_root COMMAND...: set root to what runs such a command as root, or stop.
become_root() {
    root=
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null 2>&1 || stop "system packages are missing: run as root: $*"
    root=sudo
    sudo -n true 2>/dev/null || {
        say "sudo asks for your password, to run: $*"
        sudo true || stop "system packages are missing: run as root: $*"
    }
}

find_apt() {
    apt="$root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=1"
    apt="$apt -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20"
}

install_with_apt() {
    set -- build-essential pkg-config libcairo2-dev libpango1.0-dev python3-dev python3-venv
    become_root apt-get install "$@"
    find_apt
    say "reading the system's lists of packages (apt-get update)"
    quietly "the lists of packages" $apt update
    # Asked this way apt-get says how much it would fetch, and declines.
    size=$($apt install --assume-no --no-install-recommends "$@" 2>/dev/null |
        sed -n 's/^Need to get \(.*B\)[ /].*/\1/p')
    say "installing $* with apt-get${size:+, fetching $size}"
    quietly "the system packages ($*)" $apt install -y --no-install-recommends "$@"
}

install_with_dnf() {
    set -- gcc gcc-c++ pkgconf-pkg-config cairo-devel pango-devel python3-devel
    become_root dnf install "$@"
    say "installing $* with dnf"
    quietly "the system packages ($*)" $root dnf install -y "$@"
}

install_with_brew() {
    set -- cairo pango pkg-config
    say "installing $* with brew"
    quietly "the system packages ($*)" brew install "$@"
}

install_system_packages() {
    if command -v apt-get >/dev/null 2>&1; then install_with_apt
    elif command -v dnf >/dev/null 2>&1; then install_with_dnf
    elif command -v brew >/dev/null 2>&1; then install_with_brew
    else
        stop "missing: a C compiler, pkg-config, the headers of Cairo, Pango and Python:" \
            "install them with your package manager"
    fi
    [ -n "$python" ] || find_python
    [ -n "$python" ] || stop "Python 3.11 or newer is missing: install it with your package manager"
    has_headers || stop "the headers of Cairo and Pango are missing, also after installing them"
    has_python_headers ||
        stop "the headers of $python are missing: install its package that ends in -dev"
    has_venv || stop "$python has no venv: install its package that ends in -venv"
}

# The browser in which pages and slides are tried: Debian's, with its driver. It is no must, so
# nobody is asked for a password, and where it cannot be had those tests are skipped.
install_browser() {
    if [ "$extra" != dev ]; then return; fi
    if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then return; fi
    root=
    if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] ||
        { root=sudo && sudo -n true 2>/dev/null; }; }; then
        find_apt
        say "installing chromium, in which pages and slides are tried: fetching about 100 MB"
        if $apt update >>"$log" 2>&1 &&
            $apt install -y --no-install-recommends chromium chromium-driver >>"$log" 2>&1; then
            return
        fi
    fi
    say "there is no chromium with its chromedriver here: tests of pages and slides will be skipped"
}

# --- Python's packages ---

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

make_environment() {
    if [ -x "$venv/bin/python" ]; then
        [ -z "${PYTHON:-}" ] || [ "$(version_of "$venv/bin/python")" = "$(version_of "$python")" ] ||
            stop "$venv has Python $(version_of "$venv/bin/python"), not that of PYTHON=$PYTHON:" \
                "make clean, then again"
        return
    fi
    say "making $venv"
    "$python" -m venv "$venv" >>"$log" 2>&1 || stop "$venv cannot be made: $(tail -n 1 "$log")"
}

has_nvidia_gpu() {
    command -v nvidia-smi >/dev/null 2>&1 || [ -e /proc/driver/nvidia ] || [ -e /dev/nvidiactl ]
}

has_torch() {
    "$venv/bin/python" -c 'import sys
from importlib.metadata import version
sys.exit(version("torch").partition("+")[0] != sys.argv[1])' "$1" 2>/dev/null
}

# PyPI's build for Linux brings CUDA, which is of no use without a GPU of NVIDIA's. Only torch
# itself comes from PyTorch's own index; 2.0+cpu is a 2.0 to the lock, and so it stays.
install_torch_for_cpu() {
    torch=$(sed -n 's/^torch==//p' constraints.txt)
    if [ "$(uname -s)" != Linux ] || has_nvidia_gpu || has_torch "$torch"; then return; fi
    say "no NVIDIA GPU here, so PyTorch's CPU build will do: fetching about 190 MB" \
        "(1.5 GB on disk in the end, not 5.4 GB)"
    pip install --retries 1 --timeout 10 --no-deps --index-url "$cpu_index" "torch==$torch+cpu" \
        >>"$log" 2>&1 ||
        say "$cpu_index cannot be reached: taking PyPI's build, which brings CUDA and fetches gigabytes"
}

install_packages() {
    : >"$log"
    install_torch_for_cpu
    : >"$log"
    case $extra in
        "") say "installing what rendering needs: fetching about 165 MB" ;;
        *) say "installing what the tests need as well: fetching about 45 MB" ;;
    esac
    quietly "the Python packages" pip install --retries 2 --timeout 30 --use-pep517 \
        --constraint constraints.txt --editable ".${extra:+[$extra]}"
}

find_python
if is_complete; then
    say "Python $(version_of "$python") ($python), Cairo, Pango and a C compiler are there"
else
    install_system_packages
fi
make_environment
install_packages
install_browser
say "ready: $venv/bin/cnnviz"
