"""The analyst's pages: what each tab shows of one reading of a forum's asks.

In: a request of somebody of the staff. Out: the values of templates.
Not here: any figure (analytics), HTML (web), addresses (routes).
"""
