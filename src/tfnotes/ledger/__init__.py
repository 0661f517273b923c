"""The migration ledger: old code, what happens to it today, and what to write instead.

``rows/`` is written by hand, ``outcomes.json`` by runs only. Both live in the package because
``tfnotes doctor`` reads them where there is no checkout.
"""
