"""What the analyst's pages, exports and weekly report show: figures, slices, series and their rows.

In: a store, a forum, filters. Out: values and rows; each figure with the asks behind it.
Not here: the measures themselves (outcomes, insight), pages (web, api), files of rows (reports).
"""
