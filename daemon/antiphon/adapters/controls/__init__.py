"""Knobs, pedals, keys and buttons that steer: bound, learnt, and shown where they have motors and lights."""
