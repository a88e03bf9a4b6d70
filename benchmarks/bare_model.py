"""The baseline of start-up and memory: numpy, the runtime and the model in a process, and nothing of ours.

Prints ``ready`` once the model could be stepped, then waits for the end of its input.
"""

import sys

import numpy as np


def main() -> None:
    """Load the model file that the command line names."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        from tflite_runtime.interpreter import Interpreter  # 32-bit systems have only this one
    interpreter = Interpreter(sys.argv[1], num_threads=1)
    interpreter.allocate_tensors()
    # What the memory happens to hold need not be the number of a pitch.
    for tensor in interpreter.get_input_details():
        interpreter.set_tensor(tensor["index"], np.zeros(tensor["shape"], tensor["dtype"]))
    interpreter.invoke()
    sys.stdout.write(f"ready, numpy {np.__version__}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
