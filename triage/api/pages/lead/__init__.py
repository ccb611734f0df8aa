"""The lead's pages: whether everything is alive, and what wants a person's word.

In: a request of a lead or an administrator. Out: the values of templates.
Not here: any figure (the rooms below), HTML (web), addresses (routes).
"""
