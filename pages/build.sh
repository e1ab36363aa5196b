#!/bin/sh
# Builds the pages into the folder given, if anything has changed since. Says so and does nothing where Node.js is missing or
# the libraries cannot be had: Coffer works without its pages.
set -eu
cd "$(dirname "$0")"
out=$1

recent() {
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
}

# Only says whether Node.js is new enough.
if [ "$out" = --check ]; then
    recent
    exit
fi

skip() {
    echo "pages: $1; they are not built, and the agent will say so"
    exit 0
}

command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 || skip "Node.js 20.19 or newer with npm is not here"
recent || skip "this Node.js is older than 20.19"

sources="package.json package-lock.json tsconfig.json vite.config.ts src/main/ts build.sh"
if [ -f "$out/index.html" ] && [ -z "$(find $sources -newer "$out/index.html")" ]; then
    exit 0
fi

# The libraries, once for each lock file.
have=node_modules/.for-lock
if ! cmp -s package-lock.json "$have"; then
    npm ci --no-audit --no-fund --loglevel=error || skip "the libraries could not be fetched"
    cp package-lock.json "$have"
fi

npx --no-install tsc --noEmit
npx --no-install vite build --logLevel warn --outDir "$out"
