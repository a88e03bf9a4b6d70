"""`antiphon export` of a restricted Boltzmann machine: one model file after the other, measured."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon.adapters.engines.runtime import without_notices
from antiphon_export.errors import ExportError
from antiphon_export.exporting import ASK, CREDIT, Exported
from antiphon_export.kinds import Quantisation
from antiphon_export.pair import write_pair
from antiphon_export.quantisation import convert_step
from antiphon_export.rbm.sweep import Sweep
from antiphon_export.request import Request
from antiphon_models.errors import reason
from antiphon_models.rbm.annealing import likelihood, log_sum
from antiphon_models.rbm.command import music_in
from antiphon_models.rbm.learning import fitted_biases
from antiphon_models.rbm.machine import Machine, pseudo_likelihood, reconstruction_error
from antiphon_models.rbm.scores import fingerprint, read_music
from antiphon_models.rbm.spec import SIGNATURE, Known, RbmCard, RbmSpec
from antiphon_models.rbm.training import Windows, load
from antiphon_models.rbm.visible import Keys
from antiphon_models.stages import Progress, Stage
from antiphon_models.training.runs import Arguments, Music, check_weights, spec_of, told_of

MADE_WITH = ("numpy", "scipy", "symusic")

MOST_WINDOWS = 300
"""Of those held out, evenly chosen, whose pseudo-likelihood is taken."""

CALLS = 50
"""How often a file is timed."""


def exported(request: Request, stage: Stage) -> Iterator[Exported]:
    """Write one file after the other, and yield what it is.

    Raises:
        TrainingError: the run has come to no weights, or the folder of music is not there or holds nothing
        out.
    """
    spec = spec_of(request.run, RbmSpec)
    told = told_of(request.run)
    check_weights(request.run)
    machine = load(request.run)
    with stage("reading") as progress:
        music = read_music(music_in(request.notes), spec, progress)
    is_its_own = fingerprint(music) == told[1].fingerprint
    if not music.splits["valid"].frames:
        raise ExportError(f"{request.notes} holds no written music out to measure the machine on; add some")
    heard, held_out = Windows(music.splits["train"], spec), Windows(music.splits["valid"], spec)
    with stage("measuring the machine") as progress:
        trained = known(machine, spec, heard, held_out, progress)
    with request.folder_taken():
        for quantisation in request.quantisations:
            out = request.out / quantisation if len(request.quantisations) > 1 else request.out
            with stage(f"exporting {quantisation}") as progress:
                content = convert_step(Sweep(machine, spec), quantisation)
                rounded, microseconds = _inspected(content, machine)
                figures = known(rounded, spec, heard, held_out, progress)
                name = "" if is_its_own else f"the valid split of {request.notes}"
                card = _card(request, machine, spec, told, content, quantisation, figures, name)
                write_pair(out, content, card)
            lost = (figures.nats_per_step - trained.nats_per_step) / np.log(2.0)
            yield Exported(out / MODEL_FILE, card, len(content), lost, microseconds)


def known(
    machine: Machine, spec: RbmSpec, heard: Windows, held_out: Windows, progress: Progress, seed: int = 1
) -> Known:
    """Return what a machine makes of held-out windows; chains start from how often units are on in others."""
    layer, random = Keys(spec.steps, spec.keys), np.random.default_rng(seed)
    total = log_sum(machine, layer, fitted_biases(layer, heard.means(), random), random, progress=progress)
    surprise = likelihood(machine, held_out.apart(), total)
    some = held_out.apart(MOST_WINDOWS)
    return Known(
        nats_per_step=round(surprise.nats / spec.steps, 4),
        error=round(surprise.error / spec.steps, 4),
        pseudo_likelihood=round(-pseudo_likelihood(machine, layer, some) / spec.steps, 4),
        reconstruction=round(reconstruction_error(machine, layer, some) / spec.steps, 4),
    )


def _inspected(content: bytes, machine: Machine) -> tuple[Machine, float]:
    """Return the machine that a file holds, rounded as it is, and the microseconds that a call takes."""
    try:
        with tempfile.TemporaryDirectory() as folder, without_notices():
            (path := Path(folder) / MODEL_FILE).write_bytes(content)
            return _rounded(path, machine), _microseconds(path)
    except OSError as error:
        raise ExportError(
            f"{tempfile.gettempdir()} cannot hold the model: {reason(error)}; make room there"
        ) from error


def _rounded(path: Path, machine: Machine) -> Machine:
    """Return a machine with the weights that lie in the file, of which there is one matrix, twice."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    for tensor in interpreter.get_tensor_details():
        shape = tuple(tensor["shape"])
        if shape not in (machine.weights.shape, machine.weights.shape[::-1]):
            continue
        try:
            held = interpreter.get_tensor(tensor["index"])
        except ValueError:  # it is no constant
            continue
        scales = tensor["quantization_parameters"]["scales"]
        values = held.astype(np.float32) * (scales[:1] if held.dtype == np.int8 else np.float32(1.0))
        weights = values if shape == machine.weights.shape else values.T
        return machine._replace(weights=np.ascontiguousarray(weights, np.float32))
    raise ExportError("the file holds no weights of the machine's shape; this is a mistake of antiphon")


def _microseconds(path: Path) -> float:
    interpreter = Interpreter(str(path), num_threads=1)
    run = interpreter.get_signature_runner(SIGNATURE)
    given = {
        name: np.full(detail["shape"], 0.5, np.float32) for name, detail in run.get_input_details().items()
    }
    given |= {name: np.zeros_like(given[name]) for name in ("clamp", "values", "bias")}
    took = []
    for _ in range(CALLS):
        began = time.perf_counter()
        run(**given)
        took.append(time.perf_counter() - began)
    return 1e6 * median(took)


def _card(
    request: Request,
    machine: Machine,
    spec: RbmSpec,
    told: tuple[Arguments, Music],
    content: bytes,
    quantisation: Quantisation,
    figures: Known,
    measured_on: str,
) -> RbmCard:
    arguments, music = told
    parameters = int(sum(part.size for part in machine))
    tools: dict[str, Any] = {each: version(each) for each in MADE_WITH} | {"tensorflow": tf.__version__}
    return RbmCard(
        name=request.name or request.out.resolve().name,
        description=request.description or f"{spec.hidden} hidden units, {quantisation}",
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=parameters,
        quantisation=quantisation,
        licence=request.licence or (CREDIT if music.is_shippable else ASK),
        trained_on=music.credits,
        arguments=arguments,
        tools=tools,
        measured_on=measured_on,
        spec=spec,
        held_out=figures,
    )
