# `make jam` plays, `make test` tests; everything else is for those who change or train Antiphon.

.PHONY: help jam test check model bench clean

PYTHON =
DATA =
MODEL = build/model
TRAIN_OPTIONS =
PYTEST_OPTIONS =
export PYTHON

# .venv is what plays and holds no TensorFlow; .venv-train is what trains and what runs the whole suite.
PLAYING = .venv
TRAINING = .venv-train

help:
	@echo 'make jam     install what the daemon needs into $(PLAYING), then play'
	@echo 'make test    install what the tests need, system packages included, then run them all'
	@echo 'make check   formatting, lint, types and the direction of imports'
	@echo 'make model DATA=FOLDER   train and export the default model'
	@echo 'make bench   start-up time, memory and time per note'
	@echo 'make clean   remove everything that was built or installed here'

jam:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-midi.sh $(PLAYING)
	@$(PLAYING)/bin/antiphon demo

test:
	@sh scripts/install-daemon.sh $(TRAINING)
	@command -v jackd >/dev/null || sh scripts/install-system-packages.sh 'the tests over real JACK ports are skipped' jackd2 || true
	@sh scripts/install-midi.sh $(TRAINING)
	@[ -e /usr/lib/chromium/vk_swiftshader_icd.json ] || sh scripts/install-system-packages.sh 'the tests of the GPU path are skipped' chromium-common libvulkan1 || true
	@sh scripts/install-extras.sh $(TRAINING) dev,plot
	@sh scripts/install-extras.sh --optional 'the tests of training and export are skipped' $(TRAINING) train
	@$(TRAINING)/bin/python -m pytest -rs $(PYTEST_OPTIONS)

check:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-extras.sh $(PLAYING) dev,plot
	$(PLAYING)/bin/ruff check
	$(PLAYING)/bin/ruff format --check
	$(PLAYING)/bin/mypy
	$(PLAYING)/bin/pyright --pythonpath $(PLAYING)/bin/python
	$(PLAYING)/bin/lint-imports

model:
	@test -d '$(DATA)' || { echo "make model: there is no folder '$(DATA)'; name the one that holds the corpora with DATA=FOLDER" >&2; exit 1; }
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) train
	@# Left alone, glibc hands the 32 MB intermediates of every step back to the system: a fifth of the time.
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=268435456 MALLOC_ARENA_MAX=1 \
	$(TRAINING)/bin/python -m antiphon_models.train --data '$(DATA)' --out '$(MODEL)' $(TRAIN_OPTIONS)
	$(TRAINING)/bin/python -m antiphon_export.export --run '$(MODEL)' --data '$(DATA)' --out models/antiphon_models/pretrained/default

bench:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-midi.sh $(PLAYING)
	@sh scripts/install-extras.sh $(PLAYING) dev
	$(PLAYING)/bin/python benchmarks/run.py

clean:
	rm -rf .venv .venv-train build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
