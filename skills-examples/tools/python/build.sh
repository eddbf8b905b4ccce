#!/bin/sh
# Builds the tools in Python, and writes tools.lock. No test needs this: what it builds is kept in the repository,
# compressed. Needs the Internet, python3 with venv, and zstd.
set -eu
cd "$(dirname "$0")"
COMPILER=componentize-py==0.25.1
ENV=../../../target/componentize-py
[ -x "$ENV/bin/componentize-py" ] || python3 -m venv "$ENV"
"$ENV/bin/pip" install --quiet --disable-pip-version-check "$COMPILER"
for tool in */; do
    tool=${tool%/}
    (cd "$tool" && "../$ENV/bin/componentize-py" --quiet -d "$tool.wit" -w tool componentize app -o "$tool.wasm")
    rm -rf "$tool/__pycache__"
    zstd -19 --quiet --force "$tool/$tool.wasm"
done
{
    echo "# Written by build.sh: what the components are, uncompressed, by SHA-256. $COMPILER"
    sha256sum ./*/*.wasm
} >tools.lock
