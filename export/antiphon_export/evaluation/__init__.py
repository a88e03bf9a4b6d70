"""What a model is worth: its surprise at real music, and how its answers compare with real continuations."""
