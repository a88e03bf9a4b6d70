"""``antiphon train --family char``: a folder of text in, a run out."""

from rich.console import Console

from antiphon_models.counted import counted, duration
from antiphon_models.training.onlookers import Onlooker
from antiphon_models.training.recipe import chosen
from antiphon_models.tunes.spec import CharSpec
from antiphon_models.tunes.texts import texts_of
from antiphon_models.tunes.train import OF_THE_ARTICLES, train_on_text
from antiphon_models.wanted import Wanted

OF_SHAPE = ("units", "layers")


def train(wanted: Wanted) -> None:
    """Train on the text of a folder and tell how it went.

    Raises:
        TrainingError: as :func:`antiphon_models.tunes.train.train_on_text`.
    """
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    texts = texts_of(wanted.folder)
    for reason, count in texts.left_out.items():
        console.print(f"left out, {reason}: {counted(count, 'tune')}")
    shape = {name: int(wanted.numbers[name] or 0) for name in OF_SHAPE if wanted.numbers.get(name)}
    spec = CharSpec(texts.alphabet, texts.are_tunes, **shape)
    numbers = {name: number for name, number in wanted.numbers.items() if name not in OF_SHAPE}
    recipe = chosen(OF_THE_ARTICLES, **numbers)
    with Onlooker(console, of="character") as onlooker:
        progress = train_on_text(texts, spec, recipe, wanted.credits, wanted.out, onlooker)
    best = f"{progress.best:.3f} bits per character of held-out text" if progress.best else ""
    steps = f"{counted(progress.step, 'step')} in {duration(progress.minutes)}"
    console.print(f"{wanted.out}: {steps}, {best or 'and nothing was held out to measure it on'}")
