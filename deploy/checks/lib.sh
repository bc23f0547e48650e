# What the checks in this directory share: packages from PyPI, a running service. They source it.
# shellcheck shell=bash disable=SC2034  # the sourcing scripts use what looks unused here
# shellcheck source-path=SCRIPTDIR source=../lib.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib.sh"

checks=$deploy/checks

# What the checks need besides what the service needs.
readonly check_packages=(python3 python3-venv)

# Sets `python` to that of an environment with exactly the packages of a requirements file, which names their hashes.
# The environment stays in .build, until the file changes: find_python NAME REQUIREMENTS
find_python() {
    local environment=$checkout/.build/checks/$1 requirements=$2
    python=$environment/bin/python
    # The copy of the file is written last, so that an interrupted installation is not taken for a whole one.
    cmp --silent "$requirements" "$environment/requirements.txt" && return
    rm -rf "$environment"
    mkdir -p "${environment%/*}"
    # Debian's Python: the hashes are those of the wheels for it.
    /usr/bin/python3 -m venv "$environment"
    install_wheels "$requirements" "$environment/pip.log"
    cp "$requirements" "$environment/requirements.txt"
}

# Installs the packages of a requirements file into the environment of `python`: install_wheels REQUIREMENTS LOG
install_wheels() {
    local attempt pause=5
    for attempt in 1 2 3; do
        "$python" -m pip install --quiet --disable-pip-version-check --no-input --timeout 30 \
            --require-hashes --only-binary :all: --requirement "$1" >"$2" 2>&1 && return
        ((attempt == 3)) || sleep $pause
    done
    die $EX_UNAVAILABLE "the packages of $1 cannot be installed from PyPI: $(tail -n 1 "$2")"
}

# Prints a port of the loopback interface that is free, below those that Linux gives to outgoing connections.
free_port() {
    local port
    while true; do
        port=$((10000 + RANDOM % 22768))
        (: </dev/tcp/127.0.0.1/$port) 2>/dev/null || break
    done
    printf '%s\n' $port
}

# Starts a process of the check, which ends with this script: start NAME COMMAND...
start() {
    local name=$1
    shift
    "$@" >"$scratch/$name.log" 2>&1 &
    processes=($! "${processes[@]}")
}

# Starts the service with `deploy/run` in a new state directory, and waits until it is ready. It ends with this script.
# Sets `address` to its URL, `operator_address` to that of the workers' metrics, and `scratch` to a directory for the
# check's own files, whose logs are shown if the check fails.
start_service() {
    local port metrics_port deadline=$((SECONDS + 60))
    scratch=$(mktemp -d /tmp/works-XXXXXX)
    processes=()
    trap clean_up EXIT
    port=$(free_port) metrics_port=$(free_port)
    address=http://127.0.0.1:$port operator_address=http://127.0.0.1:$metrics_port
    PORT=$port METRICS_PORT=$metrics_port WORKERS=2 WORKS_DATA=$scratch/state WORKS_REDIS_URL='' \
        start run "$deploy/run"
    until curl --silent --fail --output /dev/null "$address/readyz"; do
        if ! kill -0 "${processes[0]}" 2>/dev/null || ((SECONDS >= deadline)); then
            die $EX_UNAVAILABLE "the service did not start"
        fi
        sleep 0.2
    done
}

clean_up() {
    local status=$? id
    for id in "${processes[@]}"; do
        kill -TERM "$id" 2>/dev/null || true
        wait "$id" || true
    done
    [[ $status == 0 ]] || tail -n 20 "$scratch"/*.log >&2
    rm -rf "$scratch"
}
