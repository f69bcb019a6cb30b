"""One extractor in many threads, in processes that were forked off or started anew; and how work is stopped."""

import faulthandler
import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pytest
from conftest import as_csv, equals_golden

import onrecord

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def run(script, *arguments, **options):
    """Runs a script in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def test_threads_share_an_extractor(extractor, articles):
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(lambda _: extractor.extract(articles), range(24)):
            equals_golden(found)


def test_other_threads_go_on_while_it_works(extractor, articles):
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.002):
            ticks.append(time.perf_counter())

    clock = threading.Thread(target=tick)
    clock.start()
    start = time.perf_counter()
    extractor.extract(articles * 20)
    end = time.perf_counter()
    done.set()
    clock.join()
    within = [at for at in ticks if start < at < end]
    assert len(within) > 5 and max(b - a for a, b in zip(within, within[1:])) < (end - start) / 2


def forked(extractor, articles):
    """Uses the extractor in a process that is forked off."""
    child = os.fork()
    if child == 0:
        # What hangs says where, and ends.
        faulthandler.dump_traceback_later(60, exit=True, file=sys.__stderr__)
        status = 1
        try:
            equals_golden(extractor.extract(articles))
            del extractor
            gc.collect()
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


@needs_fork
def test_a_forked_process_has_workers_of_its_own(articles):
    extractor = onrecord.Extractor(threads=2)
    equals_golden(extractor.extract(articles))
    for _ in range(3):
        forked(extractor, articles)
        equals_golden(extractor.extract(articles))


# What an extractor builds when it is first used is what a fork finds half built: so several new ones, and forks right away.
@needs_fork
@pytest.mark.parametrize("turn", range(5))
def test_a_fork_in_the_middle_of_work_does_no_harm(articles, turn):
    extractor = onrecord.Extractor(threads=2)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            extractor.extract(articles)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(4):
            forked(extractor, articles)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


SHARED = None


def rows_of(articles):
    return as_csv(SHARED.extract(articles).quotes)


def rows_by(extractor, articles):
    return as_csv(extractor.extract(articles).quotes)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_of_every_kind_give_the_same_rows(extractor, articles, method):
    global SHARED
    SHARED = extractor
    expected = as_csv(extractor.extract(articles).quotes)
    with multiprocessing.get_context(method).Pool(2) as pool:
        if method == "fork":
            assert pool.map(rows_of, [articles] * 4) == [expected] * 4
        # An extractor that is sent to a process loads its gazetteers there.
        assert pool.starmap(rows_by, [(extractor, articles)] * 2) == [expected] * 2


def test_an_extractor_is_pickled_with_its_options(tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("name,type,id\nQuorvane Institute,organization,x:quorvane\n")
    extractor = onrecord.Extractor(names, text_field="story", min_confidence=0.5)
    again = pickle.loads(pickle.dumps(extractor))
    found = again.extract([{"story": "The Quorvane Institute moved."}]).mentions
    assert [row["entity_id"] for row in as_csv(found)] == ["x:quorvane"]
    assert repr(again) == repr(extractor) and "names.csv" in repr(again)


def interrupted(script, *arguments):
    """Runs a script that says when it works, and interrupts it then."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "working"
    time.sleep(0.5)
    start = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    return out, err, time.monotonic() - start


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_control_c_stops_an_extraction():
    script = """
        import onrecord
        extractor = onrecord.Extractor(threads=2)
        text = '"We will talk," President Ilham Aliyev said in Baku on Monday. ' * 50
        print("working", flush=True)
        try:
            extractor.extract(text for _ in range(10**9))
        except KeyboardInterrupt:
            print("stopped", extractor.extract([text]).articles.num_rows)
    """
    out, err, seconds = interrupted(script)
    assert out.strip() == "stopped 1", err
    assert seconds < 10


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_control_c_stops_a_run_that_can_go_on(tmp_path, articles):
    news = tmp_path / "news.jsonl"
    line = '{"text": "\\"We will talk,\\" President Ilham Aliyev said in Baku on Monday.%s"}\n'
    news.write_text("".join(line % (" More words." * 300 + str(number)) for number in range(30_000)))
    script = """
        import sys, onrecord
        extractor = onrecord.Extractor(threads=2)
        print("working", flush=True)
        try:
            extractor.extract_path(sys.argv[1], sys.argv[2], checkpoint=0.0)
        except KeyboardInterrupt:
            print("stopped")
    """
    out, err, seconds = interrupted(script, news, tmp_path / "out")
    assert out.strip() == "stopped", err
    assert seconds < 10 and not (tmp_path / "out" / "quotes.csv").exists()
    extractor = onrecord.Extractor(threads=2)
    assert any((tmp_path / "out").iterdir()), "what was done is kept"
    with pytest.raises(onrecord.UsageError, match="resume"):
        extractor.extract_path(news, tmp_path / "out")
    resumed = extractor.extract_path(news, tmp_path / "out", resume=True)
    whole = extractor.extract_path(news, tmp_path / "whole")
    assert resumed.articles == whole.articles == 30_000
    for name in ("articles", "quotes", "entities"):
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == (tmp_path / "whole" / f"{name}.csv").read_bytes()


def test_a_callback_is_told_how_far_a_run_is(extractor, tmp_path, articles):
    news = tmp_path / "news.jsonl"
    text = articles[0]["text"].replace('"', "'").replace("\n", " ")
    news.write_text("".join(f'{{"text": "{text} {number}"}}\n' for number in range(4000)))
    seen = []
    report = extractor.extract_path(news, tmp_path / "out", progress=lambda progress: seen.append((threading.get_ident(), progress)))
    threads, told = zip(*seen)
    assert set(threads) == {threading.get_ident()}
    assert [one.articles for one in told] == sorted(one.articles for one in told)
    assert told[-1].articles == report.articles == 4000 and len(told) > 1
    assert told[-1].bytes == told[-1].total_bytes == news.stat().st_size and told[-1].rejects == 0
    assert repr(told[-1]).startswith("Progress(bytes=")

    def fails(progress):
        raise LookupError(f"at {progress.articles}")

    with pytest.raises(LookupError, match="at [0-9]+"):
        extractor.extract_path(news, tmp_path / "other", progress=fails)
    assert not (tmp_path / "other" / "quotes.csv").exists()


MEASURED = """
    import resource, sys, pyarrow, onrecord
    extractor = onrecord.Extractor(threads=2)
    extractor.extract(["A first text."])
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="memory is measured in another way there")
def test_a_stream_of_a_million_rows_takes_bounded_memory():
    script = MEASURED + """
    def batches(rows, size):
        for start in range(0, rows, size):
            texts = [f"The envoy met Ilham Aliyev in Baku on day {n}." for n in range(start, start + size)]
            yield pyarrow.record_batch({"id": [f"a{n}" for n in range(start, start + size)], "text": texts})
    rows, articles, mentions = 1_000_000, 0, 0
    for found in extractor.extract_batches(batches(100_000, 10_000)):
        articles += found.articles.num_rows
    before = peak()
    for found in extractor.extract_batches(batches(rows, 10_000)):
        articles += found.articles.num_rows
        mentions += found.mentions.num_rows
    print(articles, mentions, (peak() - before) >> 20)
    """
    done = run(script)
    assert done.returncode == 0, done.stderr
    articles, mentions, more = map(int, done.stdout.split())
    print(f"a million rows in batches: {more} MB more than for a hundred thousand")
    assert articles == 1_100_000 and mentions == 2_000_000 and more < 30


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="memory is measured in another way there")
def test_a_batch_of_a_million_rows_is_one_batch():
    script = MEASURED + """
    texts = pyarrow.array([f"The envoy met Ilham Aliyev in Baku on day {n}." for n in range(1_000_000)])
    before = peak()
    found = extractor.extract(pyarrow.record_batch({"text": texts}))
    print(found.articles.num_rows, found.mentions.num_rows, (peak() - before) >> 20)
    """
    done = run(script)
    assert done.returncode == 0, done.stderr
    articles, mentions, more = map(int, done.stdout.split())
    print(f"a batch of a million rows: {more} MB for tables of {mentions} mentions")
    # The tables themselves are in memory: a row of mentions has some 150 bytes, one of articles some 100.
    assert (articles, mentions) == (1_000_000, 2_000_000) and more < 1500


@pytest.mark.slow
def test_a_text_of_fifty_megabytes_is_one_record():
    sentence = '"We will talk," President Ilham Aliyev said in Baku on Monday.\n\n'
    text = sentence * (49_900_000 // len(sentence))
    extractor = onrecord.Extractor(threads=2)
    for given in ([text, "Small."], pyarrow.table({"text": [text, "Small."]})):
        found = extractor.extract(given)
        assert found.articles.num_rows == 2 and found.mentions.num_rows > 1_000_000
    found = extractor.extract([text + "x" * 200_000, "Small."])
    assert (found.articles.num_rows, as_csv(found.rejects)[0]["reason"]) == (1, "too large")
