"""`python -m triage`: see `python -m triage --help`."""

from triage.cli import main

if __name__ == "__main__":
    main(prog_name="python -m triage")
