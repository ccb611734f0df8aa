"""Train a forum's model on its resolved cases: `python train.py --help`."""

from triage.cli.train import train

if __name__ == "__main__":
    train()
