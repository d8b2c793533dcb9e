"""The project's checks: ``nox`` runs what a change has to pass, ``nox -l`` lists the rest."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "mirror", "test", "free_threads"]
nox.options.error_on_missing_interpreters = False
nox.options.error_on_external_run = True

EXTRAS = "cli,sandbox,parquet,duckdb,pandas,polars,report,xlsx"
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
FREE_THREADED = ["3.13t", "3.14t", "3.15t"]
# Engines the package is a source of; each has a group of dependencies and tests in tests/engines/test_<name>_*.py.
ENGINES = ["dlt", "spark", "xlsx", "recipes", "prefect", "dagster", "airflow"]
WHEEL_CONTENT = (
    r"alive5/(?!_mirror)([\w/]+\.py|py\.typed|export/report_page/\w+\.(html|css|js))"
    r"|alive5-[\d.]+\.dist-info/[\w./]+"
)
PROJECT = nox.project.load_toml("pyproject.toml")
sys.path.insert(0, "tests")
from hygiene.rooms import pure_patterns  # noqa: E402

PURE = ",".join(pure_patterns())
# A worker for each core. Tests of time limits want a core of their own, so there are no more workers than that;
# beyond four the longest tests decide how long all take.
WORKERS = ["-n", "auto", "--maxprocesses=4"]
# sys.monitoring costs nothing where nothing is new, but tells branches only from Python 3.14 on.
CORE = {"COVERAGE_CORE": "sysmon" if sys.version_info >= (3, 14) else "ctrace"}
# Many tests start processes, which take a third longer when each compiles the package anew.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


def group(name: str) -> list[str]:
    return [*nox.project.dependency_groups(PROJECT, name)]


def install(session: nox.Session, *groups: str) -> None:
    session.install("-e", f".[{EXTRAS}]", *(requirement for name in groups for requirement in group(name)))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, and the formatting of everything that is written by hand."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Both type checkers on the package and on the typing examples of both fronts; every public type is known."""
    install(session, "types", "tests")
    session.run("mypy", "alive5", "tests/typing", "noxfile.py", "examples")
    session.run("pyright")
    session.run("python", "tests/typing/complete.py")


@nox.session
def checkers(session: nox.Session) -> None:
    """mypy, pyright, pyrefly and zuban on the examples: no complaints, and the same types of one table."""
    install(session, "types", "tests", "checkers")
    session.run("python", "tests/checkers/run.py")


@nox.session
def mirror(session: nox.Session) -> None:
    """The blocking front is the one its source gives; ``-- write`` writes it."""
    session.run("python", "-m", "alive5._mirror", *([] if "write" in session.posargs else ["--check"]))


def run_tests(session: nox.Session) -> None:
    install(session, "tests")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *(session.posargs or WORKERS), env={**CORE, **COMPILED})
    if not session.posargs:
        session.run("coverage", "combine", "--quiet")
        session.run("coverage", "report", "--fail-under=95")
        session.run("coverage", "report", "--fail-under=100", f"--include={PURE}")


@nox.session
def test(session: nox.Session) -> None:
    """The tests on the running Python, with coverage."""
    run_tests(session)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests on every Python found."""
    install(session, "tests")
    session.run("pytest", *(session.posargs or WORKERS), env=COMPILED)


@nox.session(venv_backend="none")
def free_threads(session: nox.Session) -> None:
    """The package without a GIL, on each free-threaded Python found: threads, an export, a sub-interpreter."""
    found = [python for name in FREE_THREADED if (python := shutil.which(f"python{name}"))]
    if not found:
        session.warn(f"NOT TRIED: no free-threaded Python is here; looked for {', '.join(FREE_THREADED)}")
    for python in found:
        home = Path(session.create_tmp()).resolve() / Path(python).name
        shutil.rmtree(home, ignore_errors=True)
        session.run(python, "-m", "venv", str(home), external=True)
        program = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        session.run(program, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "hatchling", external=True)
        session.run(program, "-m", "pip", "install", "--quiet", "--no-build-isolation", ".", external=True)
        session.run(program, "tests/hosts/apps/free_threads.py", *session.posargs, external=True)


@nox.session
def tests_httpx2(session: nox.Session) -> None:
    """The tests on the second engine, httpx2."""
    install(session, "tests")
    session.run("pytest", *(session.posargs or WORKERS), env={"ALIVE5_ENGINE": "httpx2"})


@nox.session
def hosts(session: nox.Session) -> None:
    """Real hosts: gunicorn, Celery, gevent, Jupyter, uvloop, and every Python found in an environment of its own."""
    install(session, "tests", "hosts")
    session.run("pytest", "-m", "hosts or not hosts", "tests/hosts", *session.posargs)


@nox.session
@nox.parametrize("engine", [nox.param(name, id=name) for name in ENGINES])
def engines(session: nox.Session, engine: str) -> None:
    """
    What reads through the package, each in an environment of its own; ``nox -s "engines(dlt)"`` is one alone.
    """
    install(session, "tests", f"engines-{engine}")
    chosen = sorted(str(path) for path in Path("tests/engines").glob(f"test_{engine}_*.py"))
    session.run("pytest", "-m", "engines or not engines", *(session.posargs or chosen))


@nox.session
def page(session: nox.Session) -> None:
    """The page of ``alive5 report`` in Chromium, light, dark, small, wide and printed; needs Chromium, Node and npm."""
    install(session, "tests")
    home = Path(session.create_tmp()).resolve()
    packages = ("playwright-core@1.65", "axe-core@4.14")  # the browser is the system's, of any version
    session.run("npm", "install", "--prefix", str(home), "--no-audit", "--no-fund", *packages, external=True)
    environment = {"NODE_PATH": str(home / "node_modules"), "ALIVE5_PAGES": str(home / "pages")}
    session.run("pytest", "-m", "browser", "tests/browser", *session.posargs, env=environment)
    session.log(f"what it looked like is in {home / 'pages'}")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation site in ``site/``: built strictly, its links followed, and its width on a phone measured."""
    session.install("-e", ".", *group("docs"))
    session.run("zensical", "build", "--strict", "--clean")
    session.run("python", "docs/check.py", "site")


@nox.session
def promises(session: nox.Session) -> None:
    """
    Every promise at its full count, one after the other; writes ``docs/promises.md``.

    What was measured is kept in ``tests/promises/measured``, so it may be stopped and go
    on; ``-- --only S1,S2``, ``-- --shard 1/4``, ``-- --before DAY`` and ``-- --again`` choose.
    """
    install(session, "tests", "hosts")
    session.run("python", "tests/promises/report.py", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def exhaust(session: nox.Session) -> None:
    """Every sequence of faults over the attempts of a call, on a clock that jumps; CI tries a part of them."""
    install(session, "tests")
    session.run("pytest", "tests/promises/test_exhaust.py", *session.posargs, env={"ALIVE5_FULL": "1"})


@nox.session
def simulate(session: nox.Session) -> None:
    """
    Years of an account with one seed for clock, network, disk and death; ``-- --years 100``.

    ``ALIVE5_SEED`` repeats a run: the year of seed 7 and number 3 is the first one of seed 10.
    """
    install(session, "tests")
    years = session.posargs[1] if session.posargs[:1] == ["--years"] else "10"
    options = {"ALIVE5_FULL": "1", "ALIVE5_YEARS": years}
    session.run("pytest", "-s", "-n", "2", "tests/promises/test_simulated_years.py", env=options)


@nox.session
def mutants(session: nox.Session) -> None:
    """Mutation testing of what decides about sending, paging and windows; survivors are explained in tests."""
    # The package itself is not installed: its pytest plugin would load the original before the mutant.
    session.install("mutmut>=3.8", *PROJECT["project"]["dependencies"], *group("tests"))
    home = Path(session.create_tmp()).resolve()
    for name in ("alive5", "tests"):
        shutil.rmtree(home / name, ignore_errors=True)
        shutil.copytree(name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy("pyproject.toml", home)
    shutil.rmtree(home / "mutants", ignore_errors=True)
    session.chdir(home)
    session.run("mutmut", "run", *session.posargs)
    session.run("python", "tests/mutants.py")


@nox.session
def fuzz(session: nox.Session) -> None:
    """
    A minute of atheris on each parser, and the Hypothesis tests with 20,000 examples.

    ``-- 3600`` gives each parser an hour.
    """
    session.install("atheris>=3.0", "-e", ".", *group("tests"))
    seconds = session.posargs[0] if session.posargs else "60"
    for name in sorted(folder.name for folder in Path("tests/fuzz/corpus").iterdir()):
        found = Path(session.create_tmp()).resolve() / name
        found.mkdir(exist_ok=True)
        options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5", f"-artifact_prefix={found}/crash-"]
        session.run("python", "tests/fuzz/run_atheris.py", name, *options, str(found))
    examples = {"ALIVE5_EXAMPLES": "20000", "ALIVE5_SEED": "1"}
    session.run("pytest", "-m", "hypothesis", "-o", "timeout=3600", "tests/pure", env=examples)


@nox.session
def bench(session: nox.Session) -> None:
    """Speed beside others, pairs measured in turn; writes ``benchmarks/RESULTS.md``."""
    install(session, "bench")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def bench_guard(session: nox.Session) -> None:
    """Instructions of a call, a page, a window and a night, at most 5 % more than in ``benchmarks/guard.json``."""
    install(session)
    session.run("python", "benchmarks/guard.py", *session.posargs)


@nox.session
def matrix(session: nox.Session) -> None:
    """Every Python and platform resolved with pip alone, no source built; writes ``benchmarks/PLATFORMS.md``."""
    session.install("pip>=25.1", "packaging>=24")
    session.run("python", "benchmarks/matrix.py", *session.posargs)


@nox.session
def scale(session: nox.Session) -> None:
    """The simulation that checks the arithmetic of ``docs/scale.md``; ``-- --write`` writes its tables."""
    session.install(*group("scale"))
    session.run("python", "benchmarks/simulate.py", *session.posargs)


@nox.session
def compare(session: nox.Session) -> None:
    """Five jobs, by this package and by scripts with requests, in bad weather; writes the table of the README."""
    install(session, "compare")
    session.run("python", "benchmarks/compare/run.py", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """
    What a release is made of, in ``dist/``; ``-- v1.2.0`` checks that it may go out under that tag.

    The wheel is built twice with equal bytes, holds nothing but what runs, and is
    installed alone and used; its bill of materials is ``build/alive5.cdx.json``.
    """
    session.install("build", "twine", "cyclonedx-bom")
    session.run("python", ".github/release.py", *session.posargs)
    built = [build_once(session, turn) for turn in ("one", "two")]
    digests = {hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel, _ in built}
    if len(digests) > 1:
        session.error("two builds of the wheel differ")
    wheel, source = built[0]
    with zipfile.ZipFile(wheel) as archive:
        strange = [name for name in archive.namelist() if not re.fullmatch(WHEEL_CONTENT, name)]
    if strange:
        session.error(f"the wheel holds {strange}")
    session.log(f"sha256 {digests.pop()}")
    session.run("twine", "check", "--strict", str(wheel), str(source))
    use_alone(session, wheel)
    shutil.rmtree("dist", ignore_errors=True)
    Path("dist").mkdir()
    for file in (wheel, source):
        shutil.copy(file, "dist")


def build_once(session: nox.Session, turn: str) -> tuple[Path, Path]:
    """Return a wheel and a source distribution, built in a folder of their own."""
    out = Path(session.create_tmp()).resolve() / turn
    shutil.rmtree(out, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(out), env={"SOURCE_DATE_EPOCH": "1767225600"})
    return next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


def use_alone(session: nox.Session, wheel: Path) -> None:
    """Install the wheel in an environment that holds nothing else, use it, and write down what it brought along."""
    clean = Path(session.create_tmp()).resolve() / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    session.run("python", "-m", "venv", "--without-pip", str(clean))
    place = clean / ("Scripts" if sys.platform == "win32" else "bin")
    python, alive5 = str(place / "python"), str(place / "alive5")
    session.run("python", "-m", "pip", "--python", python, "install", "--quiet", f"{wheel}[cli,report]")
    bill = Path("build").resolve() / "alive5.cdx.json"
    bill.parent.mkdir(exist_ok=True)
    session.run("cyclonedx-py", "environment", "--pyproject", "pyproject.toml", "--of", "JSON", "-o", str(bill), python)
    told = json.loads(bill.read_bytes())
    told["metadata"]["component"]["version"] = wheel.name.split("-")[1]  # it is not in pyproject.toml
    bill.write_text(json.dumps(told, indent=2), encoding="utf-8")
    with session.chdir(clean):
        session.run(alive5, "--sandbox", "tags", "list", external=True)
        session.run(alive5, "--sandbox", "export", "export", "--start", "-30d", external=True)
        session.run(alive5, "report", "export", "--output", "report.html", "--transcripts", "5", external=True)


@nox.session
def min_deps(session: nox.Session) -> None:
    """The tests with the lowest versions the package declares."""
    install(session, "tests")
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["cli"], *extras["sandbox"], *extras["report"]]
    session.install(*(line.replace(">=", "==") for line in declared))
    session.run("pytest", *(session.posargs or WORKERS))


@nox.session
def audit(session: nox.Session) -> None:
    """Known weaknesses of what the package installs."""
    session.install("-e", ".[cli,sandbox]")
    frozen = session.run("python", "-m", "pip", "freeze", "--exclude-editable", silent=True)
    installed = Path(session.create_tmp()) / "installed.txt"
    installed.write_text(str(frozen))
    session.install("pip-audit")
    # As it is installed: strict refuses to leave out this package itself, which has no advisories yet.
    options = ["--strict", "--no-deps", "--disable-pip", "--requirement", str(installed)]
    session.run("pip-audit", *options, *session.posargs)
