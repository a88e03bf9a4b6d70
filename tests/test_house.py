"""The order of the house: which test module belongs to which source module, and what no file may say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
TESTS = PROJECT / "tests"

TESTED_IN = {
    "daemon/antiphon": ".",
    "models/antiphon_models": "models",
    "export/antiphon_export": "export",
}

WITHOUT_TESTS_OF_THEIR_OWN = {
    "export/antiphon_export/errors.py": "a class and a sentence",
    "export/antiphon_export/kinds.py": "names only",
    "export/antiphon_export/rehearsal.py": "real steps for the quantiser, proved in test_quantisation.py",
    "models/antiphon_models/card.py": "a value, proved in test_spec.py and engines/test_models.py",
    "models/antiphon_models/extra.py": "proved in test_commands.py and in export/test_exporting.py",
    "models/antiphon_models/families.py": "what trains each, proved in their folders",
    "models/antiphon_models/training/command.py": "a command, proved in models/test_commands.py",
    "models/antiphon_models/rbm/command.py": "a command, proved in rbm/test_training.py",
    "models/antiphon_models/rbm/lesson.py": "a value without behaviour",
    "models/antiphon_models/rbm/single_frames.py": "a measurement of parts proved in rbm; benchmarks/rbm.py",
    "models/antiphon_models/rbm/spec.py": "values, proved in adapters/engines/rbm/test_gibbs.py",
    "models/antiphon_models/errors.py": "classes, and the end of a sentence, proved in test_weights.py",
    "models/antiphon_models/profiles.py": "numbers, proved in core/test_keys.py",
    "models/antiphon_models/notes/ledger.py": "the books of a preparation, proved in test_prepare.py",
    "models/antiphon_models/notes/catalogue.py": "an index, proved in test_prepare.py",
    "daemon/antiphon/core/commands.py": "values without behaviour",
    "daemon/antiphon/core/engine.py": "values without behaviour, and a protocol",
    "daemon/antiphon/core/events.py": "values without behaviour",
    "daemon/antiphon/core/settings.py": "a schema without behaviour, used by tests/test_config.py",
    "daemon/antiphon/core/units.py": "types only",
    "daemon/antiphon/adapters/state.py": "a value without behaviour, proved in tests/test_app.py",
    "daemon/antiphon/adapters/controls/ports.py": "two ports, proved in tests/test_hands_on.py",
    "daemon/antiphon/adapters/drawing.py": "what pictures are drawn with, in rolls/test_picture.py and bench",
    "daemon/antiphon/bench/stage.py": "a program that tests/bench/test_session.py runs",
    "daemon/antiphon/adapters/doors/osc/messages.py": "a value without behaviour",
    "daemon/antiphon/adapters/engines/question.py": "inputs of a graph, proved in engines/test_lstm.py",
    "daemon/antiphon/adapters/engines/runtime.py": "what a graph runs on, proved in engines/test_lstm.py",
    "daemon/antiphon/adapters/engines/step_graph.py": "what the engine steps, proved in engines/test_lstm.py",
    "daemon/antiphon/adapters/midi/connection.py": "a value and a protocol, used by both kinds of cables",
    "daemon/antiphon/adapters/midi/libraries.py": "loading of libraries, in adapters/midi/test_system.py",
    "daemon/antiphon/__main__.py": "where the command begins, proved in tests/test_cli.py",
    "daemon/antiphon/commands/instruments.py": "commands, proved in tests/test_cli.py and what they call",
    "daemon/antiphon/commands/looking.py": "commands, proved in tests/test_cli.py and what they call",
    "daemon/antiphon/commands/playing.py": "commands, proved in tests/test_cli.py and what they call",
    "daemon/antiphon/plugins.py": "a part of the command line, proved in tests/test_cli.py",
    "daemon/antiphon/adapters/midi/no_ports.py": "does nothing, proved in tests/test_app.py",
    "daemon/antiphon/replay/account.py": "what a replay tells, proved in replay/test_replay.py",
    "daemon/antiphon/replay/difference.py": "how a replay is compared, proved in replay/test_replay.py",
    "daemon/antiphon/replay/expected.py": "what it is compared with, proved in replay/test_replay.py",
    "daemon/antiphon/replay/music.py": "what it writes, proved in replay/test_replay.py",
    "daemon/antiphon/session.py": "what is opened and closed, proved in tests/test_app.py and test_jam.py",
    "daemon/antiphon/settings.py": "structs without behaviour, proved in tests/test_config.py",
    "daemon/antiphon/errors.py": "classes without behaviour; their exit codes are in tests/test_cli.py",
}

WITHOUT_A_SOURCE_MODULE = {
    "tests/adapters/engines/test_engines.py": "about every engine",
    "tests/core/test_memory_of_what_sounded.py": "about the whole core",
    "tests/core/test_when_time_is_short.py": "about the whole core",
    "tests/core/test_playing_in_time.py": "about the whole core",
    "tests/core/test_when_it_is_held.py": "about the whole core",
    "tests/core/test_left_hand.py": "about the whole core",
    "tests/export/test_exported_files.py": "about the daemon with every kind of file, on both runtimes",
    "tests/adapters/files/test_logs_of_recordings.py": "about the recorder and its session logs",
    "tests/test_corpora.py": "about all of the daemon, on music that is not part of the project",
    "tests/test_examples.py": "about the folder of examples",
    "tests/test_example_broker.py": "about the broker in that folder",
    "tests/test_examples_of_help.py": "about the commands of all three packages",
    "tests/test_documents.py": "about what a reader is told to type",
    "tests/test_example_sessions.py": "about the sessions in that folder",
    "tests/test_ensemble.py": "about several daemons",
    "tests/test_hands_on.py": "about all of the daemon, with a box of knobs",
    "tests/faults/test_broker.py": "about all of the daemon, with a broker that fails it",
    "tests/faults/test_cables.py": "about all of the daemon, with MIDI that goes away",
    "tests/faults/test_files.py": "about all of the daemon, with disks and files that fail it",
    "tests/faults/test_machine.py": "about all of the daemon, on a machine that fails it",
    "tests/faults/test_page.py": "about all of the daemon, with browsers that go away",
    "tests/faults/test_process.py": "about all of the daemon, when it is killed or stopped",
    "tests/fuzzing/test_corpus.py": "about every way into the daemon",
    "tests/fuzzing/test_fuzzed.py": "about the program beside it",
    "tests/test_house.py": "about all of them",
    "tests/test_security.py": "about every door, and what no source file may do",
    "tests/test_in_time.py": "about all of the daemon, in processes of its own",
    "tests/test_jam.py": "about all of the daemon, in processes of its own",
    "tests/test_on_a_screen.py": "about what every command writes, in a terminal and in a pipe",
    "tests/test_over_mqtt.py": "about all of the daemon, with a broker",
    "tests/test_own_engine.py": "about the engine in the folder of examples",
    "tests/test_page.py": "about the page, in a browser",
    "tests/test_page_sources.py": "about the folder web",
    "tests/test_one_minute.py": "about the table that ships, on music that is not part of the project",
    "tests/test_release.py": "about what is built of the project",
    "tests/test_releases.py": "about files of earlier versions",
    "tests/test_scripts.py": "about the shell scripts",
    "tests/test_sentences.py": "about what all three packages say when something goes wrong",
    "tests/test_service.py": "about the folder systemd",
    "tests/test_playing_together.py": "about all of the daemon, in processes of its own",
    "tests/simulation/test_simulation.py": "about the whole core, in whatever happens",
    "tests/soak/test_soak.py": "about the program beside it",
    "tests/test_site.py": "about the folder docs as a site",
    "tests/test_queues.py": "about every module that makes a queue",
    "tests/simulation/test_steered_sessions.py": "about all that stands between the doors and the cables",
    "tests/simulation/test_what_was_found.py": "about the whole core, in what once went wrong",
    "tests/mutations/test_mutations.py": "about the tests, and whether they would fail",
    "tests/test_start.py": "about all of the daemon, before it listens",
    "tests/test_under_load.py": "about all of the daemon, in a process of its own",
    "tests/test_too_slow.py": "about all of the daemon, in processes of its own",
}

# A path that only one machine has; a file that names one does not work on the next.
OF_ONE_MACHINE = re.compile(r"/(home|root|wor[k]|Users)/[\w.]")

TEXT = {"", ".py", ".pyi", ".toml", ".md", ".sh", ".json", ".txt"}
NOT_OURS = {"build", "dist", "node_modules", "__pycache__"}


def source_modules() -> Iterator[Path]:
    """Yield the modules of the three packages, relative to the project."""
    for package in TESTED_IN:
        for path in sorted((PROJECT / package).rglob("*.py")):
            if path.name != "__init__.py":
                yield path.relative_to(PROJECT)


def place_of_tests(source: Path) -> Path:
    """Return where the tests of a source module belong, relative to the project."""
    package = next(package for package in TESTED_IN if source.is_relative_to(package))
    place = Path("tests") / TESTED_IN[package] / source.relative_to(package)
    return place.with_name(f"test_{source.name}")


def texts() -> Iterator[Path]:
    """Yield every text file of the project, leaving out what was built, installed or cached."""
    for top in sorted(PROJECT.iterdir()):
        ours = top.name == ".ci" or not top.name.startswith(".")
        if ours and top.name not in NOT_OURS:
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and path.suffix in TEXT and not NOT_OURS & set(path.parts):
                    yield path


@pytest.mark.parametrize("source", [*map(str, source_modules())])
def test_a_source_module_has_tests_or_a_reason_to_have_none(source: str) -> None:
    has_tests = (PROJECT / place_of_tests(Path(source))).is_file()
    has_reason = source in WITHOUT_TESTS_OF_THEIR_OWN
    assert has_tests != has_reason, f"{source}: either {place_of_tests(Path(source))} or a reason, not both"


def test_no_reason_is_given_for_a_module_that_is_gone() -> None:
    assert set(WITHOUT_TESTS_OF_THEIR_OWN) <= set(map(str, source_modules()))


def test_a_test_module_belongs_to_a_source_module() -> None:
    expected = {str(place_of_tests(source)) for source in source_modules()} | set(WITHOUT_A_SOURCE_MODULE)
    found = {str(path.relative_to(PROJECT)) for path in TESTS.rglob("test_*.py")}
    assert sorted(found - expected) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    named = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert named == []
