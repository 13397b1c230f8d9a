"""What this machine has."""


def cores() -> int:
    """How many processes may work at once: fewer than the machine's cores where the system or a container says so."""
    from joblib import cpu_count

    return int(cpu_count())
