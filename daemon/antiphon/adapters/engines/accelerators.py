"""What a network may run on: the CPU, the GPU, or an accelerator with a delegate of its own."""

from antiphon.adapters.engines.models import NetworkFile
from antiphon.adapters.engines.runtime import CPU, GPU
from antiphon.adapters.engines.step_graph import Network, StepGraph


def open_network(model: NetworkFile, accelerator: str) -> Network:
    """Return the network of a model file on an accelerator.

    Args:
        model: as :func:`antiphon.adapters.engines.models.find_network` returned it.
        accelerator: `cpu`, one core, through XNNPACK; `gpu`; or the shared library of a delegate.

    Raises:
        ConfigurationError: this machine has no such accelerator.
        ModelError: the accelerator does not take the file, or the file is damaged.
    """
    if accelerator == CPU:
        return StepGraph(model)
    if accelerator == GPU:
        from antiphon.adapters.engines.gpu_graph import GpuGraph

        return GpuGraph(model)
    from antiphon.adapters.engines.delegates import Delegate

    return StepGraph(model, Delegate(accelerator).build)
