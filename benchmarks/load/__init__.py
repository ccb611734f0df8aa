"""`/v1/triage` under load beside what others would run, over the same threads and drafts.

In: the shared sets, an environment for the peers. Out: requests a second,
latencies, processor time.
Not here: quality (benchmarks.quality), what one request spends its time on (where_time_goes).
"""
