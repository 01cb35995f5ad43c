"""Small faults put into the clinical rules, one by one: do their tests notice? See ``docs/mutants.md``."""
