"""The demo forum: a small forum of our own on the sample, so that the whole story can be walked.

In: a store with the sample, the parts that serve it. Out: what its pages show, and what people of
the demo write, kept as the server of any forum would have it kept.
Not here: pages and who is signed in (api), templates and words (web).
"""
