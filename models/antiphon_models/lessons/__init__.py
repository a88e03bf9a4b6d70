"""What a network is taught: pieces varied, and cut into windows with hints."""
