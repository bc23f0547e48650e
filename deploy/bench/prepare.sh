# What both measurements need before they start: packages, executables. To be sourced, with the script's arguments.
# shellcheck shell=bash
#
# The measuring itself is Python: medians, ratios, RESP and a dozen processes to be ended whatever happens are a few
# lines each there, with nothing beyond its standard library.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
source "${BASH_SOURCE[0]%/*}/../lib.sh"

# What a measurement needs besides what the service needs.
bench_packages=(python3)

# Becomes the measurement: measure NAME ARGUMENTS…
# WORKS_BIN_DIR names the directory of works-worker and worksctl; without it they are built.
measure() {
    local name=$1 argument
    shift
    local measurement=(python3 -B "${BASH_SOURCE[0]%/*}/measure/$name.py")
    for argument in "$@"; do
        case $argument in
            --help | -h)
                print_help
                say
                command -v python3 >/dev/null && exec "${measurement[@]}" --help
                say "The options are known once python3 is installed."
                exit 0
                ;;
        esac
    done
    install_packages "${packages[@]}" "${bench_packages[@]}"
    if [[ -n ${WORKS_BIN_DIR:-} ]]; then
        [[ -x $WORKS_BIN_DIR/works-worker && -x $WORKS_BIN_DIR/worksctl ]] ||
            die $EX_USAGE "WORKS_BIN_DIR must hold works-worker and worksctl: '$WORKS_BIN_DIR'"
    else
        need_swift
        build_release >&2
        find_release
        export WORKS_BIN_DIR=$bin
    fi
    exec "${measurement[@]}" "$@"
}
