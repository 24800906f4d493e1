#!/usr/bin/env bash
# Debian's Chromium, where there is none. CHROMIUM names another.
set -euo pipefail
test -x "${CHROMIUM:-/usr/bin/chromium}" && exit
sudo=$(test "$(id -u)" -eq 0 || echo sudo)
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
