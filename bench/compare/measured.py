"""Runs one command in a folder and says what it took: `python measured.py FOLDER OUTPUT COMMAND…` prints JSON."""
import json
import resource
import subprocess
import sys
import time

folder, output, *command = sys.argv[1:]
began = time.monotonic()
with open(output, "wb") as out:
    code = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode
seconds = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"code": code, "seconds": round(seconds, 3), "peakMegabytes": round(peak / 1024)}))
