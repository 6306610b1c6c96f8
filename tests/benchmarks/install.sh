#!/bin/sh
# Installs wrk, Debian's HTTP load generator. Does nothing where it is.
set -eu

if command -v wrk >/dev/null; then
    exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "$0: run as root, or install wrk yourself" >&2; exit 1; }
    as_root="sudo"
fi

$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk >/dev/null
