"""The commands of the daemon: options in, tables and sentences out. They know nothing of music."""

from collections.abc import Callable

from antiphon.commands.instruments import calibrate, learn, panic, ports, unlearn
from antiphon.commands.looking import bench, config, doctor, models
from antiphon.commands.playing import compose, demo, replay, respond, run

BUILT_IN: tuple[Callable[..., None], ...] = (
    run,
    demo,
    respond,
    replay,
    compose,
    ports,
    panic,
    learn,
    unlearn,
    calibrate,
    config,
    models,
    doctor,
    bench,
)
