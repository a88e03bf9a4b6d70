"""A broker in the machine, which wants a password."""

from pathlib import Path

from machine import sh, wait_until


class Broker:
    """mosquitto, with one user.

    Args:
        user: who may come.
        password: with which.
    """

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._as_user = f"-h 127.0.0.1 -u {user} -P '{password}'"

    def start(self) -> None:
        sh(f"mosquitto_passwd -b -c /etc/mosquitto/passwords {self._user} '{self._password}'")
        sh("chown mosquitto /etc/mosquitto/passwords")
        Path("/etc/mosquitto/conf.d/password.conf").write_text(
            "listener 1883 127.0.0.1\nallow_anonymous false\npassword_file /etc/mosquitto/passwords\n",
            encoding="ascii",
        )
        sh("systemctl restart mosquitto")
        wait_until("a broker", lambda: ":075B" in Path("/proc/net/tcp").read_text(encoding="ascii"))

    def hand_on_password(self, file: str) -> None:
        """Put the password where only root reads it and the service manager finds it."""
        path = Path(file)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(self._password, encoding="ascii")

    def settings(self, identity: str) -> str:
        return f'[mqtt]\nhost = "127.0.0.1"\nid = "{identity}"\nuser = "{self._user}"\n'

    def next_on(self, topic: str) -> str:
        return sh(f"mosquitto_sub {self._as_user} -t {topic} -C 1 -W 60")

    def publish(self, topic: str, message: str) -> None:
        sh(f"mosquitto_pub {self._as_user} -t {topic} -m '{message}'")

    def stop(self) -> None:
        sh("systemctl stop mosquitto")
