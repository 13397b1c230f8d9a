"""`python -m fercore COMMAND`."""

import os

# TensorFlow reports each missing GPU library on stderr, where one clear line is promised.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from fercore.cli import main

main()
