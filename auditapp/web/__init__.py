"""The web corridor: what every page shares.

`access` (who may), `done` (the one place where a request commits), `pages`, `forms`, `fields`, `listing`, `errors`,
`security`, `menu` (what rooms register so that earlier rooms need not know them).
"""
