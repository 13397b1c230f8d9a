"""The command `fercore`, also as `python -m fercore`."""

import os

from fercore.process import let_threads_sleep


def run() -> None:
    """Run the command line on this process's arguments."""
    # TensorFlow reports each missing GPU library on stderr, where one clear line is promised.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    let_threads_sleep()
    from fercore.cli import main

    main()


if __name__ == "__main__":
    run()
