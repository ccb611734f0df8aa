"""The tests of this project, one folder for each package."""

import os

# Before numpy is there to read it: several workers share the machine, and the threads of one would
# only wait for those of the others. An installation beside a test takes it over.
os.environ.setdefault("OMP_NUM_THREADS", "1")
