#!/bin/sh
# Installs what the integration tests need beyond Python: a headless Chromium and its driver. Does nothing where both are.
set -eu

if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
    exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "$0: run as root, or install chromium and chromium-driver yourself" >&2; exit 1; }
    as_root="sudo"
fi

$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium chromium-driver fonts-dejavu-core fonts-noto-color-emoji >/dev/null
