"""The steps that bring older tables up to date; run by `triage.store.schema`."""
