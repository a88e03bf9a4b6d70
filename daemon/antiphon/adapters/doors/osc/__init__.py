"""Open Sound Control over UDP, for Max, Pd, SuperCollider, TouchOSC and their like."""
