"""The examples in the API's own documents; fictional, and used by tests as well.

Not here: what fields mean (schemas).
"""
