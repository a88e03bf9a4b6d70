"""Every way into the daemon, a module each, whose ``TARGET`` says what is to hold there."""
