"""Question triage and deflection.

A draft goes in; suggestions that settle it and a destination for the rest come out.
Rooms and their rules: docs/architecture.md.
"""
