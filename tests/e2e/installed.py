"""What a fixture installs from a package registry: once per content of the files that say what, into one folder."""
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def once(folder, sources, install):
    """Calls install(folder) with an empty folder, unless it was installed from sources that were the same."""
    folder = pathlib.Path(folder).resolve()
    stamp, wanted = folder / "installed.txt", "".join(source.read_text() for source in sources)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install(folder)
    stamp.write_text(wanted)


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def fetch(command, folder, unreachable, environment=None):
    """Runs a registry's client; any of the words `unreachable` in what it says means that the registry is."""
    said = run(command, folder, environment)
    if said is None:
        return
    sys.stderr.write(said)
    if any(word in said for word in unreachable):
        skip("the package registry is out of reach")
    sys.exit(f"{command[0]} failed")


def build(command, folder, environment=None):
    said = run(command, folder, environment)
    if said is not None:
        sys.exit(f"{said}\n{command[0]} failed")


def run(command, folder, environment):
    """None, or what a failed command said."""
    done = subprocess.run([str(part) for part in command], cwd=folder, env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout if done.returncode else None
