#!/bin/sh
# Builds the programs into wasm/ and writes programs.lock. The compilers and where they come from: docs/languages.md.
# No test needs this: what it builds is kept in the repository. Without a wasm-opt on the path: clang would run it.
set -eu
cd "$(dirname "$0")"
mkdir -p wasm
for source in c/*.c; do
    clang-19 --target=wasm32-wasi -O2 -Wl,--strip-all -o "wasm/c-$(basename "$source" .c).wasm" "$source"
done
for source in rust/*.rs; do
    rustc --edition 2024 --target wasm32-wasip1 -C opt-level=z -C lto -C strip=symbols -C panic=abort \
        -o "wasm/rust-$(basename "$source" .rs).wasm" "$source"
done
for source in zig/*.zig; do
    python3 -m ziglang build-exe "$source" -target wasm32-wasi -O ReleaseSafe -fstrip \
        -femit-bin="wasm/zig-$(basename "$source" .zig).wasm"
done
for source in assemblyscript/*.ts; do
    npx asc "$source" --config node_modules/@assemblyscript/wasi-shim/asconfig.json -O \
        -o "wasm/assemblyscript-$(basename "$source" .ts).wasm"
done
for source in go/*.go; do
    GOOS=wasip1 GOARCH=wasm go build -trimpath -ldflags="-s -w" -o "wasm/go-$(basename "$source" .go).wasm" "$source"
done
for source in js/*.js; do
    npx componentize-qjs --sync --opt-size --wit ../../wit --world skill --js "$source" \
        -o "wasm/js-$(basename "$source" .js).wasm"
done
{
    echo "# Written by build.sh: what the files of wasm/ are, by SHA-256."
    echo "# $(rustc --version); $(clang-19 --version | head -n 1); zig $(python3 -m ziglang version)"
    echo "# $(go version); AssemblyScript $(npx asc --version); $(npm ls --depth 0 componentize-qjs | tail -n 2 | head -n 1)"
    sha256sum wasm/*.wasm
} >programs.lock
