"""Every public function of gazu's modules, and how each is called: one table for each module.

A call answers a truth about what came back. `stage.py` has the production that they are called on,
`functions.py` says which functions there are, `test_sweep.py` calls them all, and
`docs/clients/gazu-functions.md` is written from the tables.
"""
