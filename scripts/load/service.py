"""The program that is measured: started on a data directory of its own, watched through /proc."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

START_SECONDS_LIMIT = 60
STOP_SECONDS_LIMIT = 20
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Service:
    """`regrade serve` over a fresh data directory, which `stop` removes."""

    def __init__(self, program, folder, **settings):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        data = str(self.folder / "data")
        # One client stands for many: the rate of a key is not what is measured here.
        settings = {"REGRADE_REQUEST_RATE_LIMIT": "100000000", **settings}
        environment = {**os.environ, **settings}
        self.key = subprocess.run(
            [program, "key", "create", "load", "--scope", "submit", "--data", data],
            env=environment, check=True, capture_output=True, text=True).stdout.strip()
        self.log = open(self.folder / "log", "wb")
        started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "serve", "--data", data, "--port", "0", "--log-format", "json"],
            env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.start_seconds = time.monotonic() - started
        found = re.fullmatch(r"listening on http://([0-9.]+):([0-9]+)\n", line)
        if not found:
            self.process.kill()
            raise RuntimeError(f"the service did not start: {(self.folder / 'log').read_text()}")
        self.address = (found[1], int(found[2]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # After `stop` there is nothing left to kill.
        self.process.kill()
        self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def _proc(self, name):
        return pathlib.Path(f"/proc/{self.pid}/{name}")

    def status(self, name):
        """A number of /proc/PID/status, such as VmRSS (kB) or Threads."""
        found = re.search(rf"^{name}:\s+([0-9]+)", self._proc("status").read_text(), re.M)
        return int(found[1])

    def resident_bytes(self):
        return self.status("VmRSS") * 1024

    def most_resident_bytes(self):
        """The most since the last `forget_most`."""
        return self.status("VmHWM") * 1024

    def forget_most(self):
        # 5 sets the high-water mark back: proc(5).
        self._proc("clear_refs").write_text("5")

    def descriptor_count(self):
        return len(os.listdir(self._proc("fd")))

    def processor_seconds(self):
        text = self._proc("stat").read_text()
        fields = text[text.rindex(")") + 2:].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def stop(self):
        """Asks it to end and says how long it took; what it left on the disk is removed."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise RuntimeError(f"the service did not end within {STOP_SECONDS_LIMIT} s") from None
        finally:
            self.log.close()
        if status != 0:
            raise RuntimeError(f"the service ended with {status}")
        shutil.rmtree(self.folder)
        return time.monotonic() - started
