"""Runs a program in wasmtime: oracle.py REPORT COMPILED PROGRAM DIRECTORY EMPTY [ARGUMENT...]

COMPILED keeps the machine code, so that only the first run compiles. DIRECTORY is /w for the program, and EMPTY is /.
Standard streams are passed through. REPORT gets the status ("trap" for a trap), the seconds from loading the code to
the end, and by how many KiB the peak memory of the process exceeds what Python with the library takes.
"""

import json
import os
import sys
import time

import wasmtime
from wasmtime import component


def command(engine, store, kind, code):
    """The function that runs the program."""
    if kind is wasmtime.Module:
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        return linker.instantiate(store, code).exports(store)["_start"]
    linker = component.Linker(engine)
    linker.add_wasip2()
    instance = linker.instantiate(store, code)
    interface = next(name for name in code.type.exports(engine) if name.startswith("wasi:cli/run@"))
    run = code.get_export_index("run", code.get_export_index(interface))
    return instance.get_func(store, run)


def main(report, compiled, program, directory, empty, *arguments):
    with open(program, "rb") as file:
        binary = file.read()
    kind = wasmtime.Module if binary[4:8] == b"\1\0\0\0" else component.Component
    config = wasmtime.Config()
    config.wasm_exceptions = True
    engine = wasmtime.Engine(config)
    if not os.path.exists(compiled):
        with open(compiled, "wb") as file:
            file.write(kind(engine, binary).serialize())
    del binary
    # The peak so far is not the program's.
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = peak()
    start = time.monotonic()
    code = kind.deserialize_file(engine, compiled)
    store = wasmtime.Store(engine)
    wasi = wasmtime.WasiConfig()
    wasi.argv = [os.path.splitext(os.path.basename(program))[0], *arguments]
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(empty, "/")
    wasi.preopen_dir(directory, "/w")
    store.set_wasi(wasi)
    status = 0
    try:
        answer = command(engine, store, kind, code)(store)
        status = 1 if isinstance(answer, Exception) else 0
    except wasmtime.ExitTrap as exit:
        status = exit.code
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        status = "trap"
        print(error, file=sys.stderr)
    seconds = time.monotonic() - start
    with open(report, "w") as file:
        json.dump({"status": status, "seconds": seconds, "peak_kib": peak() - before}, file)


def peak():
    """Peak memory of this process, in KiB."""
    with open("/proc/self/status") as file:
        return int(next(line.split()[1] for line in file if line.startswith("VmHWM")))


main(*sys.argv[1:])
