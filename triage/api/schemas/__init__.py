"""What calls take and give, field by field: a file for each kind of thing.

In: JSON, or values of the house. Out: checked bodies, or JSON.
Not here: routes, where values come from.
"""
