# Every command works on a machine with Python 3.11 or newer and nothing else: the first run makes .venv and installs
# the pinned packages. Without make: python3 manage.py demo (story, test, gate, bench, soak, pictures, outline,
# requirements, clean).
PYTHON ?= python3
MANAGE = $(PYTHON) manage.py

.DEFAULT_GOAL := help
.PHONY: help demo story test check bench soak pictures outline requirements clean clean-data backup restore

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

demo: ## the whole product on this machine, with a seeded network (PORT=8000, HISTORY=1 for a year of it); Ctrl-C stops it
	@$(MANAGE) demo $(if $(PORT),--port $(PORT)) $(if $(HISTORY),--history)

story: ## the main job told end to end on real processes; JSON=1 for a machine (RESULT=all, or a category: its whole plan; CASE=all, or a name: a hard day)
	@$(MANAGE) story $(if $(JSON),--json) $(if $(RESULT),--results $(filter-out all,$(RESULT))) $(if $(CASE),--cases $(filter-out all,$(CASE)))

test: ## the gate, then every test (ARGS="-k words" goes to pytest)
	@$(MANAGE) test $(ARGS)

check: ## the gate alone: style, types, imports, migrations, API description, production settings
	@$(MANAGE) gate

bench: ## what search, booking and triage cost, as ratios; JSON=1 for a machine (ROUNDS=200 COURSE=path|load|scale|texts|pages)
	@$(MANAGE) bench $(if $(JSON),--json) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(COURSE),--course $(COURSE))

soak: ## the long counts of the tests and the mutants of the rules, up to 90 minutes
	@$(MANAGE) soak $(ARGS)

pictures: ## a picture of every page, narrow and wide, into pictures/; each is looked at with axe on the way
	@$(MANAGE) pictures $(ARGS)

outline: ## what a screen reader finds on the patient's path, into docs/outline.md
	@$(MANAGE) outline $(ARGS)

requirements: ## compile the pinned packages anew from pyproject.toml; ARGS=--upgrade takes newer ones
	@$(MANAGE) requirements $(ARGS)

backup: ## all records of one instant in one file: make backup TO=ruleout.backup
	@$(MANAGE) backup --to $(TO)

restore: ## a backup back into an empty database: make restore FROM=ruleout.backup
	@$(MANAGE) restore --from $(FROM)

clean: ## remove the packages, the demo's records and the caches
	@$(MANAGE) clean

clean-data: ## remove the demo's records only
	@$(MANAGE) clean-data
