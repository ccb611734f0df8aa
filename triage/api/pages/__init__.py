"""Pages for people: frame, forms, sessions, and how somebody shows who they are.

In: requests with a cookie. Out: HTML, or the way to sign in.
Not here: words and templates (web), which page shows what (routes).
"""
