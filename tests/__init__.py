"""Tests; this is read before any library that asks how many threads it may have."""

import os

# pytest's processes share the cores among themselves. Threads of a process would wait for one another, and burn several
# times the work's own time while they do.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(_name, "1")
# The few threads that code asks for by number sleep while they wait.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
