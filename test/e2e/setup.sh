#!/usr/bin/env bash
# Puts a real VS Code (code-server), the node it wants and playwright here, once; needs a Chromium on the machine.
set -euo pipefail
cd "$(dirname "$0")"
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { echo 'The end-to-end tests need Linux on x64; elsewhere use npm run test:desktop.' >&2; exit 2; }
if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
fi
want="$(cat package.json package-lock.json | sha256sum | cut -c1-16)"
[ "$(cat node_modules/.ready 2>/dev/null || true)" = "$want" ] && exit 0
# Scripts stay off: code-server's postinstall refuses every node but its own and compiles modules that tests do not need.
npm ci --ignore-scripts --loglevel=error
# VS Code's own packages; its lock file lacks a peer, so a plain `npm ci` would refuse it.
(cd node_modules/code-server/lib/vscode && npm ci --omit=dev --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error)
echo "$want" > node_modules/.ready
