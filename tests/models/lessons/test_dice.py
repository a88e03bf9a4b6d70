"""Random numbers that depend on what they are drawn for and on nothing else."""

from antiphon_models.lessons.dice import Purpose, dice


def test_the_same_drawing_comes_out_the_same() -> None:
    assert dice(1, Purpose.HINTS, 2, 3).random() == dice(1, Purpose.HINTS, 2, 3).random()


def test_every_other_drawing_comes_out_differently() -> None:
    drawings = [
        dice(1, Purpose.HINTS, 2, 3),
        dice(2, Purpose.HINTS, 2, 3),
        dice(1, Purpose.VARIATION, 2, 3),
        dice(1, Purpose.HINTS, 3, 2),
        dice(1, Purpose.HINTS, 2),
        dice(1, Purpose.HINTS, 2, 3, 0),
        dice(1, Purpose.HINTS),
        dice(1, Purpose.HINTS, 0),
    ]
    assert len({rng.random() for rng in drawings}) == len(drawings)


def test_a_seed_means_the_same_in_every_version() -> None:
    """What was begun with one version is gone on with by the next."""
    purposes = Purpose.ORDER, Purpose.VARIATION, Purpose.HINTS, Purpose.SAMPLE
    assert [int(dice(7, purpose, 1).integers(1000)) for purpose in purposes] == [714, 732, 333, 750]
