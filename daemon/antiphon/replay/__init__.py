"""A session replayed from its log, and whether the same follows."""
