"""docs/models/char-lstm.md, measured anew: what the shipped network of characters is worth.

    python benchmarks/char_lstm.py TUNES --page docs/models/char-lstm.md

TUNES is the folder of text that it was trained on, with its splits.json. It takes some minutes, and abc2midi.
"""

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from antiphon.adapters.engines.kinds import Form
from antiphon.adapters.engines.models import find_model
from antiphon.adapters.engines.tunes.char_graph import CharGraph
from antiphon.adapters.engines.tunes.composing import (
    COOLER,
    MOST_CHARACTERS,
    body_of,
    notes_of_tune,
    written,
)
from antiphon.adapters.engines.tunes.scribe import Manner, Scribe, header
from antiphon_export.tunes.copies import Learnt, quantile
from antiphon_export.tunes.measure import CharFile
from antiphon_export.tunes.ngrams import NGrams
from antiphon_export.tunes.validity import shares_read
from antiphon_models.tunes.spec import CharCard
from antiphon_models.tunes.texts import texts_of

MANNER = Manner(1.0, 0.02)
"""As it ships: play.temperature and play.min_p."""

TUNES = 1000
FREELY = 300
COPIED = 200
FORMS = (Form("D", "6/8"), Form("G", "4/4"), Form("Am", "4/4"), Form("", "3/4"), Form("", ""))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tunes", type=Path)
    parser.add_argument("--model", default="char-lstm")
    parser.add_argument("--page", type=Path, default=Path("docs/models/char-lstm.md"))
    given = parser.parse_args()
    model = find_model(given.model, CharCard)
    network = CharGraph(model)
    texts = texts_of(given.tunes)
    bits = {
        split: CharFile(model.path, model.card.spec).measured(getattr(texts, split))[0]
        for split in ("valid", "test")
    }
    grams = {
        order: {
            split: NGrams(texts.train, texts.alphabet, order).bits_per_character(getattr(texts, split))
            for split in ("valid", "test")
        }
        for order in (2, 4, 6, 8)
    }
    tunes = [written(network, MANNER, seed, FORMS[seed % len(FORMS)]) for seed in range(TUNES)]
    valid = shares_read(tune.text for tune in tunes)
    free = shares_read(freely_written(network))
    learnt = Learnt(texts.train)
    shared = [len(learnt.longest_shared(music_of(tune.text))) for tune in tunes[:COPIED]]
    people = [len(learnt.longest_shared(text.split("\n", 4)[4].strip())) for text in texts.test]
    notes = [figures(tune.text) for tune in tunes[:COPIED]]
    given.page.write_text(page(model.card, bits, grams, valid, free, shared, people, notes, tunes[0].text))


def freely_written(network: CharGraph) -> Iterator[str]:
    """Yield tunes of which every character was drawn from all there are."""
    for seed in range(FREELY):
        random = np.random.default_rng(seed)
        form = FORMS[seed % 3]
        scribe = Scribe(network, is_free=True)
        cooled = Manner(MANNER.temperature * COOLER, MANNER.min_p)
        body = body_of(scribe, cooled, random, form.meter, form.key)[:MOST_CHARACTERS]
        yield header(form.meter, form.key) + body + "\n"


def music_of(tune: str) -> str:
    """Return the music of a tune in one line, as it was drawn."""
    return "".join(line for line in tune.splitlines() if line[1:2] != ":")


def figures(tune: str) -> tuple[int, float, int]:
    """Return the notes of the melody of a tune, their mean pitch, and the bars."""
    melody = [note for note in notes_of_tune(tune) if note.velocity > 60]
    return len(melody), statistics.fmean(note.pitch for note in melody), music_of(tune).count("|")


def percent(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %"


def page(card, bits, grams, valid, free, shared, people, notes, example) -> str:
    rows = "\n".join(
        f"| characters counted, order {order} | {each['valid']:.3f} | {each['test']:.3f} |"
        for order, each in grams.items()
    )
    typical = [statistics.median(each) for each in zip(*notes, strict=True)]
    return f"""# char-lstm: tunes, character by character

Written by `python benchmarks/char_lstm.py TUNES`, on the folder that it was trained on.

The network of the articles that this project comes from: an embedding of 512, three stateful LSTM layers of
256, a dropout of 0.2 after each, a softmax at every character; learnt with Adam on 16 lanes of 64 characters,
played one character at a time with the state carried on. {card.parameters:,} weights, {card.quantisation}.

It learnt tunes in ABC notation in one spelling (`antiphon_models.tunes.spelling`), half of them put into
another key anew each time, for {card.arguments["minutes"]:.0f} minutes on shared cores: it was still getting
better. What may be written is that spelling without chords in brackets and without changes of key or metre.

Licence of the weights: **{card.licence}**. Learnt from: {"; ".join(card.trained_on)}.

## Held-out text

Bits per character, the first of each tune given. The valid list chose which weights were kept; the test list
was used for nothing but this table.

| | valid | test |
| --- | --- | --- |
| char-lstm, this very file | {bits["valid"]:.3f} | {bits["test"]:.3f} |
{rows}

## What it writes

Tunes at temperature {MANNER.temperature} (characters are drawn {1 - COOLER:.0%} cooler) and min-p
{MANNER.min_p}, in several keys and metres, given to abc2midi. An error line is a line of its output that begins with `Error`;
it also warns, among others of every bar that does not add up.

| | tunes | no error line | neither error nor warning |
| --- | --- | --- | --- |
| only valid characters allowed | {valid["tunes"]:,} | {percent(valid["no error"], valid["tunes"])} | \
{percent(valid["no line"], valid["tunes"])} |
| any character allowed | {free["tunes"]:,} | {percent(free["no error"], free["tunes"])} | \
{percent(free["no line"], free["tunes"])} |

A tune has {typical[0]:.0f} notes and {typical[2]:.0f} bars in the median; the mean pitch of its melody is
{typical[1]:.1f} (MIDI).

## How much it copies

The longest stretch of characters that a tune shares with any that was learnt, chord symbols included: of
{len(shared)} tunes that it wrote, and of the {len(people)} of the test list, which people wrote. A bar has
about ten.

| characters | median | 9 in 10 below | longest |
| --- | --- | --- | --- |
| written by it | {quantile(shared, 0.5)} | {quantile(shared, 0.9)} | {max(shared)} |
| test list | {quantile(people, 0.5)} | {quantile(people, 0.9)} | {max(people)} |

## One of them

```
{example.strip()}
```
"""


if __name__ == "__main__":
    main()
