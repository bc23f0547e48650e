# What the scripts in this directory share: messages, packages, the build, settings. They source it.
# shellcheck shell=bash disable=SC2034  # the sourcing scripts use what looks unused here

# `deploy` is the directory of the scripts, `checkout` the directory above it.
deploy=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
checkout=${deploy%/*}

# With it, `cd` may go elsewhere, and prints where.
unset CDPATH

# nginx is in /usr/sbin, which is not on an ordinary user's PATH on Debian.
PATH=$PATH:/usr/sbin

# Exit codes, from sysexits.h.
readonly EX_USAGE=64 EX_UNAVAILABLE=69 EX_CANTCREAT=73

# Nobody may be reading any more; that is no failure of the script.
say() { printf '%s\n' "$*" 2>/dev/null || true; }

# The name of the script that the user called.
program=${0##*/}

# Prints one line to stderr and exits: die CODE MESSAGE
die() {
    printf '%s: %s\n' "$program" "$2" >&2 || true
    exit "$1"
}

asks_for_help() { [[ ${1:-} == --help || ${1:-} == -h ]]; }

# Prints the opening comment of the script that the user called.
print_help() { sed -n '1d; /^#/!q; /^# shellcheck/d; s/^# \{0,1\}//; p' "$0"; }

# Prints the help and exits if the first argument asks for it: offer_help "$@"
offer_help() {
    asks_for_help "$@" || return 0
    print_help
    exit 0
}

# Passes on, of the output of `swift test`, failures, warnings and skipped tests, each with all the lines that belong to
# it, and the summary. The starts of tests may have many lines, too, because an argument can.
show_failures() {
    local line shown=
    while IFS= read -r line; do
        case $line in
            ✘* | ⚠* | ➜* | '✔ Test run '*) shown=yes ;;
            ◇* | ✔*) shown= ;;
        esac
        [[ -z $shown ]] || say "$line"
    done
}

# --- Packages ----------------------------------------------------------------------------------------------

# What building and running the service needs. curl asks the workers whether they are ready.
readonly packages=(redis-server nginx libhiredis-dev libmicrohttpd-dev libjansson-dev libsodium-dev libutf8proc-dev
    curl)

is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Installs whichever of the given packages are missing.
install_packages() {
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [[ ${#missing[@]} == 0 ]] && return

    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null ||
            die $EX_UNAVAILABLE "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" "$deploy/apt-install" "${missing[@]}" ||
        die $EX_UNAVAILABLE "apt-get could not install ${missing[*]}"
}

# --- Building ----------------------------------------------------------------------------------------------

# Puts the Swift toolchain on PATH.
need_swift() {
    command -v swift >/dev/null || PATH=$PATH:/opt/swift/usr/bin
    command -v swift >/dev/null ||
        die $EX_UNAVAILABLE "swift is not on PATH; Swift 6.3 is needed (https://swift.org/install)"
}

readonly release=(--package-path "$checkout" --configuration release --static-swift-stdlib)

# Builds the executables, with Swift's own libraries linked statically.
build_release() {
    # By name, because a build of everything includes the tests' helpers, and those need modules of the test runner that
    # a release build does not have.
    swift build "${release[@]}" --product works-worker &&
        swift build "${release[@]}" --product worksctl
}

# Sets `bin` to the directory of the built executables.
find_release() { bin=$(swift build "${release[@]}" --show-bin-path); }

# --- Settings ----------------------------------------------------------------------------------------------

# Dies unless the variable holds a whole number within bounds: need_number NAME LEAST MOST
need_number() {
    local value=${!1}
    if [[ ! $value =~ ^[0-9]{1,9}$ ]] || ((10#$value < $2 || 10#$value > $3)); then
        die $EX_USAGE "$1 must be a whole number from $2 to $3, not '$value'"
    fi
    printf -v "$1" %d "$((10#$value))"
}

# The longest path of a socket in the state directory must fit into 107 bytes (sun_path).
readonly state_bytes_max=90

# Sets `state` to the absolute path of WORKS_DATA. The path goes into configuration files and URLs, so characters that
# mean something there are refused. Spaces are allowed, because the path of a checkout may contain some.
find_state() {
    state=${WORKS_DATA:-$checkout/.works}
    [[ $state == /* ]] || state=$PWD/$state
    state=${state%/}
    local forbidden='[[:cntrl:]"'\''\\$;{}?#%&*|<>():@`]'
    [[ ! $state =~ $forbidden ]] ||
        die $EX_USAGE "WORKS_DATA must be a path without special characters, not '$state'"
    local bytes
    bytes=$(printf %s "$state" | wc --bytes)
    ((bytes <= state_bytes_max)) ||
        die $EX_USAGE "WORKS_DATA must be at most $state_bytes_max bytes, not $bytes: '$state'"
}

# Prints the URL of the private Redis in `state`: store_url USER PASSWORD
store_url() { say "unix://$1:$2@${state// /%20}/redis.sock?db=0"; }
