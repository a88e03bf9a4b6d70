# As much of tflite-runtime as the checks need to know: it has wheels for few machines and Pythons.
