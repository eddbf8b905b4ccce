#!/bin/sh
# Builds the tools in JavaScript, and writes tools.lock. No test needs this: what it builds is kept in the repository.
set -eu
cd "$(dirname "$0")"
for tool in */; do
    tool=${tool%/}
    npx -y componentize-qjs@0.4.5 --sync --opt-size --wit "$tool/$tool.wit" --world tool --js "$tool/$tool.js" \
        -o "$tool/$tool.wasm"
done
{
    echo "# Written by build.sh: what the components are, by SHA-256. componentize-qjs@0.4.5"
    sha256sum ./*/*.wasm
} >tools.lock
