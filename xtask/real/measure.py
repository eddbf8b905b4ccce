"""Runs a command: measure.py REPORT COMMAND [ARGUMENT...]

Standard streams are passed through. REPORT gets its status, the seconds that it took, those of all cores, and its peak memory in KiB.
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
start = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - start
with open(report, "w") as file:
    status = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    json.dump({"status": status, "seconds": seconds, "cpu_seconds": cpu, "peak_kib": usage.ru_maxrss}, file)
