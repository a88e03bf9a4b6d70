"""The door for MQTT: commands in, state and events out, by way of a broker."""
