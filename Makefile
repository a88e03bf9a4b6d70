# `make jam` plays, `make test` tests; everything else is for those who change or train Antiphon.

.PHONY: help jam test faults fuzz audit advisories lock dist release-files fresh test-vm test-arm64 check-wheels deb home-assistant page page-pictures turn-taking check docs site pictures examples soak-sim model bench clean soak develop mutations

PYTHON =
DATA =
NOTES = build/notes
RUNS = build/runs
TRAIN_OPTIONS = --minutes 200
SMALL_OPTIONS = --minutes 60 --learning-rate 3e-3
DEFAULT_IS = piano music of four centuries, 2.0 M parameters
SMALL_IS = the same music for small machines such as a Pi Zero 2 W, 0.4 M parameters
PYTEST_OPTIONS =
HOURS =
FRAMES =
PAGE =
MINUTES =
TARGET =
INPUT =
SEED =
LOCKED =
ADVISORIES = build/advisories/PyPI.zip
SUITES =
export PYTHON

# .venv is what plays and holds no TensorFlow; .venv-train is what trains and what runs the whole suite.
PLAYING = .venv
TRAINING = .venv-train
PRETRAINED = models/antiphon_models/pretrained

# A run goes on with the options that it was begun with, and is refused with others.
OTHER_RUNS = || { code=$$?; [ $$code -ne 6 ] || echo 'make model: to train with other options, name a new folder with RUNS=FOLDER' >&2; exit $$code; }

help:
	@echo 'make jam     install what the daemon needs into $(PLAYING), then play'
	@echo 'make develop install all that a developer needs into $(TRAINING), system packages included'
	@echo 'make test    the same, then run all tests'
	@echo 'make faults   do to a daemon all that may go wrong; writes docs/reliability/faults.md; some as root only'
	@echo 'make fuzz    fuzz every way in for MINUTES=15 each, or TARGET=NAME alone; x86-64 only'
	@echo 'make audit   whether a version of what was locked is known to be vulnerable; asks a network, or'
	@echo 'make advisories   what it then asks instead: all that is known today, 30 MB, into build'
	@echo 'make lock    lock anew what is built and tested with'
	@echo 'make dist    build wheel, sdist and bill of materials of the last commit, always the same, into build/dist'
	@echo 'make release-files   keep settings, a session and a card of this version, for later ones to read'
	@echo 'make fresh   walk the README on a bare Debian 12 and 13; FULL=1 with all tests; wants root and mmdebstrap'
	@echo 'make test-vm install it in a virtual machine and switch that off in mid-recording; wants root and qemu'
	@echo 'make test-arm64     unit tests of what computes, as programs for a Raspberry Pi; wants root and qemu'
	@echo 'make check-wheels   whether all that a Raspberry Pi needs can be had as wheels'
	@echo 'make deb     build a package for this release of Debian into build'
	@echo 'make home-assistant   install Home Assistant, 600 MB, and hold what it is told against it'
	@echo 'make page    build the page that the daemon serves, from web into the package; wants Node'
	@echo 'make check   formatting, lint, types and the direction of imports'
	@echo 'make docs    write the reference of commands, settings, topics and messages, and the manual page, from the code'
	@echo 'make site    build README and docs as a site into build/site; wants the extra docs'
	@echo 'make pictures   draw what is answered to one question, into docs'
	@echo 'make page-pictures   take the pictures of the page in a browser, into docs/page'
	@echo 'make examples   play the example sessions of all modes anew, into examples/sessions'
	@echo 'make soak-sim MINUTES=60 SEED=1   simulated sessions, one after another, before a witness'
	@echo 'make mutations   take something out of a copy of the source, and see that a test fails'
	@echo 'make soak HOURS=2   a daemon played with over real JACK ports; writes docs/reliability/soak.md, or PAGE='
	@echo 'make model DATA=FOLDER   train and export the models that ship, and report on them'
	@echo 'make turn-taking DATA=FOLDER   draw false turns against waiting, into docs'
	@echo 'make bench   punctuality, time per event, start-up, memory; writes docs/performance.md'
	@echo 'make clean   remove everything that was built or installed here'

jam:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-midi.sh $(PLAYING)
	@sh scripts/install-extras.sh --optional 'there is no page to play on' $(PLAYING) web
	@$(PLAYING)/bin/antiphon demo

# With LOCKED=1 in an environment with what requirements.lock holds, and nothing newer.
develop:
	@LOCKED='$(LOCKED)' sh scripts/install-daemon.sh $(TRAINING)
	@command -v jackd >/dev/null || sh scripts/install-system-packages.sh 'the tests over real JACK ports are skipped' jackd2 || true
	@sh scripts/install-midi.sh $(TRAINING)
	@PATH="$$PATH:/usr/sbin" command -v mosquitto >/dev/null || sh scripts/install-system-packages.sh 'the tests with an MQTT broker are skipped' mosquitto || true
	@command -v openssl >/dev/null || sh scripts/install-system-packages.sh 'the tests with certificates are skipped' openssl || true
	@command -v abc2midi >/dev/null || sh scripts/install-system-packages.sh 'the tests of ABC tunes are skipped' abcmidi || true
	@command -v fluidsynth >/dev/null || sh scripts/install-system-packages.sh 'the tests of what sounds are skipped' fluidsynth timgm6mb-soundfont || true
	@[ -e /usr/lib/chromium/vk_swiftshader_icd.json ] || sh scripts/install-system-packages.sh 'the tests of the GPU path are skipped' chromium-common libvulkan1 || true
	@command -v chromium >/dev/null || sh scripts/install-system-packages.sh 'the tests of the page are skipped' chromium || true
	@sh scripts/install-page-tools.sh 'the page is not built anew and compared' || true
	@sh scripts/install-extras.sh $(TRAINING) dev,plot,mqtt,osc,web,serial
	@sh scripts/install-extras.sh --optional 'the tests of training and export are skipped' $(TRAINING) train
	@sh scripts/install-old-runtime.sh .venv-tflite
	@sh scripts/install-extras.sh --optional 'the site is not built' $(TRAINING) docs

test: develop
	@$(TRAINING)/bin/python -m pytest -rs $(PYTEST_OPTIONS)

faults:
	@sh scripts/install-daemon.sh $(TRAINING)
	@command -v jackd >/dev/null || sh scripts/install-system-packages.sh 'without JACK no fault can be tried' jackd2
	@sh scripts/install-midi.sh $(TRAINING)
	@PATH="$$PATH:/usr/sbin" command -v mosquitto >/dev/null || sh scripts/install-system-packages.sh 'the faults of an MQTT broker are skipped' mosquitto || true
	@sh scripts/install-extras.sh $(TRAINING) dev,mqtt,web
	$(TRAINING)/bin/python -m pytest -rs tests/faults --long --table docs/reliability/faults.md

# INPUT=FILE examines one input of TARGET again, and wants no fuzzer; PAGE=FILE tells how all went.
fuzz:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev,plot,mqtt,osc,web,serial
	@[ -n '$(INPUT)' ] || sh scripts/install-extras.sh $(TRAINING) fuzz
	@PYTHONPATH=tests/support:tests/fuzzing $(TRAINING)/bin/python tests/fuzzing/fuzz.py --minutes $(or $(MINUTES),15) \
	    $(if $(SEED),--seed $(SEED)) $(if $(INPUT),--examine '$(INPUT)') $(if $(PAGE),--page $(PAGE)) $(TARGET)

lock:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/lock.sh $(TRAINING)

# Asks what `make advisories` has fetched, or ADVISORIES=FILE; else a network.
audit:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/audit.sh $(TRAINING) $(ADVISORIES)

advisories:
	@sh scripts/install-daemon.sh $(TRAINING)
	@$(TRAINING)/bin/python scripts/advisories.py fetch $(ADVISORIES)

dist:
	@sh scripts/dist.sh .venv-dist

release-files:
	@sh scripts/install-daemon.sh $(TRAINING)
	@$(TRAINING)/bin/python tests/releases/keep.py

# SUITES=bookworm or SUITES=trixie for one of them; FULL, STEPS, WHO and PYTHONS are told by the script.
fresh:
	@sh scripts/fresh.sh $(SUITES)

test-vm:
	@sh scripts/install-daemon.sh $(TRAINING)
	@PYTHON=$(TRAINING)/bin/python sh scripts/test-vm.sh

test-arm64:
	@sh scripts/install-daemon.sh $(TRAINING)
	@PYTHON=$(TRAINING)/bin/python sh scripts/test-arm64.sh

check-wheels:
	@sh scripts/install-daemon.sh $(TRAINING)
	@PYTHON=$(TRAINING)/bin/python sh scripts/check-wheels.sh

deb:
	@sh scripts/make-deb.sh

home-assistant:
	@sh scripts/install-home-assistant.sh .venv-home-assistant
	@$(MAKE) --no-print-directory test PYTEST_OPTIONS=tests/adapters/doors/test_home_assistant.py

page:
	@sh scripts/install-page-tools.sh 'the page cannot be built'
	cd web && npm test --silent && npm run --silent build

check:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-extras.sh $(PLAYING) dev,plot,mqtt,osc,web,serial
	$(PLAYING)/bin/ruff check
	$(PLAYING)/bin/ruff format --check
	$(PLAYING)/bin/mypy
	$(PLAYING)/bin/pyright --pythonpath $(PLAYING)/bin/python
	$(PLAYING)/bin/lint-imports

docs:
	@sh scripts/install-daemon.sh $(PLAYING)
	$(PLAYING)/bin/python -c 'from antiphon import man_page; print(man_page.page())' > docs/antiphon.1
	$(PLAYING)/bin/python -c 'from antiphon import reference; print(reference.page())' > docs/commands.md
	$(PLAYING)/bin/python -c 'from antiphon import config, listing; print(listing.settings_as_page(config.defaults()))' > docs/settings.md
	$(PLAYING)/bin/python -c 'from antiphon.adapters.doors import manual; print(manual.page())' > docs/topics.md
	@sh scripts/install-extras.sh $(PLAYING) web
	$(PLAYING)/bin/python -c 'from antiphon.adapters.doors.web import manual; print(manual.page())' > docs/page-messages.md
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) train
	$(TRAINING)/bin/python -c 'from antiphon_export import formats; print(formats.page())' > docs/files.md

# In a home of its own, so that nobody's settings or playing are in them.
pictures:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) plot
	@mkdir -p docs/engines build/nobody
	@for engine in $$($(TRAINING)/bin/python -c 'from antiphon.settings import ENGINES; print(*ENGINES)'); do \
	    HOME=$$PWD/build/nobody $(TRAINING)/bin/antiphon respond daemon/antiphon/demonstration.mid -o build/nobody/$$engine.mid \
	        --engine $$engine --seed 2 --plot docs/engines/$$engine.png || exit; \
	done
	@HOME=$$PWD/build/nobody $(TRAINING)/bin/antiphon respond daemon/antiphon/demonstration.mid -o build/nobody/answer.mid \
	    --seed 3 --plot docs/answer.png

page-pictures:
	@sh scripts/install-daemon.sh $(TRAINING)
	@command -v chromium >/dev/null || sh scripts/install-system-packages.sh 'there is no browser to take pictures in' chromium
	@sh scripts/install-extras.sh $(TRAINING) dev,plot,mqtt,osc,web,serial
	$(TRAINING)/bin/python scripts/page-pictures.py

turn-taking:
	@test -d '$(DATA)' || { echo "make turn-taking: there is no folder '$(DATA)'; name the one that holds the corpora with DATA=FOLDER" >&2; exit 1; }
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev,plot
	$(TRAINING)/bin/python benchmarks/turn_taking.py '$(DATA)' --plot docs/turn-taking.png

# Laid out anew each time, so that nothing is on the site that is not in the project. A page on the disk may not read
# the index of the search; one that is served may.
site:
	@sh scripts/install-daemon.sh $(PLAYING)
	@sh scripts/install-extras.sh $(PLAYING) docs
	@$(PLAYING)/bin/python scripts/lay_out_site.py build/site-pages
	@$(PLAYING)/bin/zensical build --clean --strict
	@echo 'The site is built: open build/site/index.html. Its search works where it is served, as by'
	@echo '    $(PLAYING)/bin/python -m http.server --bind 127.0.0.1 --directory build/site'
	@echo 'at http://localhost:8000'

# Also in a home of its own: the sessions are played by the settings that ship.
examples:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) plot
	@mkdir -p build/nobody
	@HOME=$$PWD/build/nobody $(TRAINING)/bin/python examples/sessions/make.py

soak-sim:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev
	$(TRAINING)/bin/python tests/simulation/soak.py --minutes $(or $(MINUTES),60) --seed $(or $(SEED),1)

mutations:
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev
	$(TRAINING)/bin/python tests/mutations/mutate.py

soak:
	@sh scripts/install-daemon.sh $(TRAINING)
	@command -v jackd >/dev/null || sh scripts/install-system-packages.sh 'there is nothing to play over' jackd2
	@sh scripts/install-midi.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev,plot
	$(TRAINING)/bin/python tests/soak/soak.py --hours $(or $(HOURS),2) --page $(or $(PAGE),docs/reliability/soak.md) \
	    $(if $(FRAMES),--frames $(FRAMES))

model:
	@test -d '$(DATA)' || { echo "make model: there is no folder '$(DATA)'; name the one that holds the corpora with DATA=FOLDER" >&2; exit 1; }
	@sh scripts/install-daemon.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) plot,train
	$(TRAINING)/bin/antiphon prepare '$(DATA)' --shippable --out $(NOTES)
	$(TRAINING)/bin/antiphon train $(NOTES) --out $(RUNS)/default $(TRAIN_OPTIONS) $(OTHER_RUNS)
	$(TRAINING)/bin/antiphon export $(RUNS)/default --notes $(NOTES) --out $(PRETRAINED)/default --description '$(DEFAULT_IS)'
	$(TRAINING)/bin/antiphon evaluate $(NOTES) --report docs/models/default.md --curve $(RUNS)/default/curve.jsonl
	$(TRAINING)/bin/antiphon train $(NOTES) --out $(RUNS)/small --units 128 --layers 2 $(SMALL_OPTIONS) $(OTHER_RUNS)
	$(TRAINING)/bin/antiphon export $(RUNS)/small --notes $(NOTES) --out $(PRETRAINED)/small --description '$(SMALL_IS)'
	$(TRAINING)/bin/antiphon evaluate $(NOTES) --model small --report docs/models/small.md --curve $(RUNS)/small/curve.jsonl

bench:
	@sh scripts/install-daemon.sh $(TRAINING)
	@command -v jackd >/dev/null || sh scripts/install-system-packages.sh 'what is measured over real JACK ports is skipped' jackd2 || true
	@sh scripts/install-midi.sh $(TRAINING)
	@sh scripts/install-extras.sh $(TRAINING) dev,plot
	@sh scripts/install-extras.sh --optional 'Keras and tf.function are not measured' $(TRAINING) train
	$(TRAINING)/bin/python benchmarks/run.py --page docs/performance.md

clean:
	rm -rf .venv .venv-train .venv-tflite .venv-home-assistant .venv-dist web/node_modules build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
