"""Tables in and out, safely, for every room: `reading` takes a stranger's file, `values` says what a cell means,
`writing` makes files in which text stays text."""
