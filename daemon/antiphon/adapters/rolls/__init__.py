"""Piano rolls of a question and its answer: as a picture, and in the terminal."""
