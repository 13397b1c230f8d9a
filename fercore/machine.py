"""The machine's cores."""


def cores() -> int:
    """The number of processes that may work at once: fewer than the cores where the system or a container says so."""
    from joblib import cpu_count

    return int(cpu_count())
